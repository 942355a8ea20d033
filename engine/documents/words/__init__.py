"""Law and facts in words: set phrases, sentences, citations, periods.

In: known values, authorities, `rules/drafts/`.
Out: text with its provenance.
Must not know: which document it is for.
"""
