"""Which question to ask next, and the dialogue that asks it.

In: a fact set, and answers in plain words.
Out: the fact set with the answers in it, saved after each.
Must not know: what a question is about.
"""
