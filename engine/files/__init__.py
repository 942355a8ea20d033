"""Files as people write them: read strictly, changed in place, saved whole.

In: paths and text.
Out: nested data whose every scalar is still text, with its line; files that appear whole or not at all.
Must not know: what any key means.
"""
