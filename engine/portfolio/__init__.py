"""Files of many matters: bad rows, interruptions, the summary.

In: JSON Lines, CSV, Parquet.
Out: one row for each row, in order.
Must not know: how a conclusion is reached.
"""
