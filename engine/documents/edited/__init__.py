"""What may be published: what could identify is hidden, consistently, and reported.

In: facts and free text.
Out: the same with placeholders, and the list of replacements.
Must not know: templates.
"""
