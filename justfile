python := ".venv/bin/python"

# lint and the quick tests
@default: lint quick

# everything the tests need
setup:
    python3 install.py test

# format, style, types, the order of rooms, docstrings
lint:
    .venv/bin/ruff format --check .
    .venv/bin/ruff check .
    .venv/bin/mypy
    .venv/bin/lint-imports
    .venv/bin/interrogate --quiet engine

# under a minute
quick:
    {{python}} -m pytest -m quick

# the whole suite
test:
    {{python}} -m pytest

# which lines of engine and desk no test reaches; all tests, and two thirds slower than without
coverage:
    {{python}} -m pytest --cov --cov-report=term --cov-report=html

# what an officer runs after changing a rule
law:
    .venv/bin/caprev rules lint
    .venv/bin/caprev rules effects

# write the pages and snapshots anew; then read their diff
docs:
    {{python}} -m pytest tests/test_docs.py tests/argument --snapshot-update

# one matter; `just bench portfolio` many, beside peers
bench what="assess":
    {{python}} -m bench.{{what}}
