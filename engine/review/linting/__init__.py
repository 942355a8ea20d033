"""Checks of the law across rules: what one rule says beside what another does.

In: a rulebook, with the files it was read from.
Out: faults, with their places.
Must not know: a user's matter.
"""
