"""What is written for people: `content` (the model and its formats), `words`, `edited`, `drafts`, `reports`.

In: arguments, conclusions, a fact set.
Out: bytes of a document.
Must not know: how to reach a conclusion.
"""
