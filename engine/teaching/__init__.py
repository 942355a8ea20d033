"""Arguments in moves, hypotheticals, exercises.

In: a matter and decided cases.
Out: debates, drills, scores with their reasons.
Must not know: formats.
"""
