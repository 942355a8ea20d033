"""What would change a conclusion, and what to ask: flips, comparisons, the interview."""
