"""What other programs call: the commands as functions, which take facts and give frozen, typed results.

In: facts as a mapping, a file or text, and what a command would be asked.
Out: results whose data is the JSON of the command line.
Must not know: a command line, a browser or an assistant; each of them calls this.
"""
