"""Pictures as SVG that read without colour.

In: conclusions, tornados, measures.
Out: SVG text, each with its words.
Must not know: the document it will stand in.
"""
