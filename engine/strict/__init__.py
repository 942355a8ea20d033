"""Strict rules: what follows, what does not, and what is not known; amounts by formula; no weights and no odds.

In: a folder of law with strict rules and parameters, and a matter with its events.
Out: an answer for every event and for the matter, with what each rests on and what is missing.
Must not know: weights, cases, `reasoning`.
"""
