"""From facts to a conclusion: inference, weighing, precedents, what follows in law, what would change it.

In: a matter, a rulebook, a case base.
Out: a conclusion for every parcel, with all that it rests on.
Must not know: how any of it will be told.
"""
