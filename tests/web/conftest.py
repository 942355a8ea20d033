"""A desk for tests: set up once in a process, and every test put back after; people of each role."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.web.shared import PASSWORD, RULING

_DATA = tempfile.TemporaryDirectory(prefix="caprev-desk-")
os.environ.update(
    CAPREV_DESK_DATA=_DATA.name,
    CAPREV_DESK_TEAM="yes",
    CAPREV_DESK_HOSTS="testserver",
    DJANGO_SETTINGS_MODULE="caprev_web.settings",
    DJANGO_ALLOW_ASYNC_UNSAFE="true",  # Playwright's loop is in the same thread as the tests
)
os.environ.pop("CAPREV_DESK_PROXY", None)
os.environ["CAPREV_DESK_DATABASE"] = os.environ.get("CAPREV_TEST_DATABASE", "")  # see test_postgres.py


@pytest.fixture(scope="session")
def _django() -> None:
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
    # As Django has it, but quick; a desk that a test serves in a process of its own hashes at full strength.
    from django.contrib.auth.hashers import Argon2PasswordHasher

    Argon2PasswordHasher.time_cost, Argon2PasswordHasher.memory_cost, Argon2PasswordHasher.parallelism = 1, 8, 1


@pytest.fixture
def desk(_django: None) -> Iterator[None]:
    """The database, as it was before when the test ends."""
    from django.db import transaction

    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.fixture
def person(desk: None) -> Callable[..., Any]:
    """Somebody of some roles, in a team."""
    from caprev_web.models import Team, User

    def made(name: str, *roles: str, team: str = "one") -> Any:
        found = User.objects.filter(name=name).first()
        home = Team.objects.get_or_create(name=team)[0] if team else None
        return found or User.objects.create(name, roles=list(roles), team=home)

    return made


@pytest.fixture
def ann(person: Callable[..., Any]) -> Any:
    """Ann, with a password."""
    found = person("ann", "author")
    found.set_password(PASSWORD)
    found.save()
    return found


@pytest.fixture
def browse(person: Callable[..., Any]) -> Callable[..., Any]:
    """A client signed in as somebody of some roles."""
    from django.test import Client

    def signed_in(name: str = "ann", *roles: str, team: str = "one", **options: Any) -> Any:
        client = Client(**options)
        client.force_login(person(name, *(roles or ("author",)), team=team))
        return client

    return signed_in


@pytest.fixture
def ruling(person: Callable[..., Any]) -> Any:
    """A matter of Ann's with the facts of a published ruling."""
    from caprev_web.views.matters import from_text

    matter, problems = from_text(person("ann", "author"), RULING.read_text(), RULING.name)
    assert not problems
    return matter
