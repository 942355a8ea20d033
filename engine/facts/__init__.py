"""What is known of a matter, and what may still be true of it.

In: a file's data and the vocabulary.
Out: matters and parcels, every value a set of values that it may still have; conditions decided on them.
Must not know: which rule reads a fact.
"""
