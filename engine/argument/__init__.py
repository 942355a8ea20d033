"""A conclusion as a tree of reasons, each with its rule, its authority and its facts.

In: conclusions.
Out: one argument a parcel, which every rendering tells.
Must not know: formats; and it decides nothing.
"""
