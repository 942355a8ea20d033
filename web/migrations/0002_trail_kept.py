"""The trail is only ever added to: the database itself refuses to change a row of it, or to delete one."""

from __future__ import annotations

from typing import Any

from django.db import migrations

from caprev_web import guard


def keep(apps: Any, editor: Any) -> None:
    """Puts the guard in place, in the words of the database."""
    for statement in guard.set_up(editor.connection.vendor):
        editor.execute(statement)


class Migration(migrations.Migration):
    """The guard."""

    dependencies = [("caprev_web", "0001_beginnings")]
    operations = [migrations.RunPython(keep, migrations.RunPython.noop)]
