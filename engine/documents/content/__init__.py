"""What a document is, and the formats it can take.

In: blocks, runs, tables, pictures.
Out: text for a terminal, Markdown, HTML, DOCX, PDF.
Must not know: what the document is about.
"""
