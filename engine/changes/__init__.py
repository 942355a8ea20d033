"""What would change a conclusion.

In: a conclusion and its matter.
Out: flips, thresholds, comparisons, each confirmed by assessing it.
Must not know: how they are told.
"""
