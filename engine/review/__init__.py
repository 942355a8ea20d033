"""The law under review: its check, its pages, its handbook.

In: a rulebook and a case base.
Out: faults, pages.
Must not know: a user's matter.
"""
