"""What is printed for reading and for machines: memorandum, changes, debate, exercise, evaluation, JSON.

In: arguments, changes, debates, measures.
Out: text, Markdown, HTML, JSON.
Must not know: `drafts`.
"""
