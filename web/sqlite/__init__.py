"""SQLite for a desk of several threads and processes."""
