"""The desk on the web: officers, advisors and trainers work without a terminal.

It knows `caprev`; `caprev` does not know it. Nothing here decides a question of law: values are read, matters assessed
and reasons worded by the engine.
"""
