"""A rulebook as it was written: factors, findings, authorities, positions, numbers.

In: the folder `rules/`.
Out: typed records, checked against each other; all faults of all files together.
Must not know: any matter, nor what the law says.
"""
