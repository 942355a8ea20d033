"""The commands of `caprev`, by what they are for; `cli.py` puts them together."""
