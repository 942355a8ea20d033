"""What every pack of strict rules that is shipped must do, whatever its law."""

from __future__ import annotations

import pytest

from caprev.law import packs
from caprev.strict import examples
from tests.packs.shared import tried

STRICT = [name for name in packs.names() if packs.strict(packs.home("rules", name))]


@pytest.mark.parametrize("name", STRICT)
def test_every_matter_and_every_rule_says_what_comes_out(name):
    pack = tried(name)
    assert [*map(str, examples.rules(pack.law)), *map(str, examples.folder(pack.law, pack.cases))] == []


@pytest.mark.parametrize("name", STRICT)
def test_there_are_matters_to_start_from(name):
    """At least twelve of each law."""
    assert len(examples.files(tried(name).cases)) >= 12
