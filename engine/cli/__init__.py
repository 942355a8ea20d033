"""The commands of `caprev`, by what they are for.

In: arguments, and what is typed.
Out: printed text, files, exit codes.
Must not know: law or logic; every command calls the rooms below.
"""
