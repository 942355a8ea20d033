"""Renderings of one argument tree: one module per format. Wording is settled in `argument.py`."""
