"""The rules as tools of an assistant, so that no language model decides a characterisation by itself.

In: facts that an assistant read in a text, each with its source.
Out: conclusions, reasons and what is missing, with their limits, over the Model Context Protocol.
Must not know: a file of the machine; what an assistant names is never looked for as a path.
"""
