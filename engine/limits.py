"""How much of anything one input may hold: generous for a person's matter, and small enough to be read at once.

What is longer is refused with the limit, never cut in silence; only what messages repeat is shortened, and says so.
"""

from __future__ import annotations

# Of a file of facts or rules.
BYTES = 5_000_000
DEPTH = 24
"""Lists and mappings inside each other."""
VALUES = 250_000
KEYS = 10_000
"""In one mapping."""

# Of a fact set.
PARCELS = 200
ID = 200
"""Characters, of a matter, a parcel or a row of a portfolio."""
TITLE = 1_000
TEXT = 100_000
"""Characters of any other text: a source, a note, a question."""
LISTED = 200
"""Values of one fact, and questions of a matter."""

# Of a questionnaire that comes back.
OFFICE = 50_000_000
"""Bytes of a Word file, with the pictures that people put into it."""
PART = 20_000_000
"""Bytes of its text once unpacked."""

# Of a portfolio.
LINE = 5_000_000
"""Characters of a line of JSON Lines, and of a row of CSV."""
CELL = 100_000
"""Characters of a cell that holds a fact."""
WINDOW = 32_000_000
"""Characters of text that are held at a time, whatever the number of rows."""

# Of what messages say.
TOLD = 100
"""Faults told of one input; the others are counted."""
ECHOED = 200
"""Characters repeated of what a person wrote."""
MESSAGE = 2_000
"""Characters of what is wrong, whatever it repeats."""
WORD = 60
"""Characters of a word that is compared with known names."""
COMPARED = 1_000
"""Known names that a word is compared with."""
