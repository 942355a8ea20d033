"""Drafts that a person signs: ruling, advice, debate sheet.

In: an assessment, its argument, the fact set.
Out: a document with comments for the drafter.
Must not know: formats, nor `reports`.
"""
