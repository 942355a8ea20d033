"""The same reasoning as column programs, for many matters at once.

In: a rulebook and tables of facts.
Out: findings and conclusions, a column each, the same to the last bit.
Must not know: where tables come from or go.
"""
