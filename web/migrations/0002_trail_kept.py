"""The trail is only ever added to: the database itself refuses to change a row of it, or to delete one."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import migrations

SQLITE = """
CREATE TRIGGER caprev_web_event_no_{verb} BEFORE {VERB} ON caprev_web_event
BEGIN SELECT RAISE(ABORT, 'the trail is only ever added to'); END
"""
POSTGRESQL = """
CREATE OR REPLACE FUNCTION caprev_web_event_kept() RETURNS trigger AS $$
BEGIN RAISE EXCEPTION 'the trail is only ever added to'; END $$ LANGUAGE plpgsql;
CREATE TRIGGER caprev_web_event_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON caprev_web_event
FOR EACH STATEMENT EXECUTE FUNCTION caprev_web_event_kept();
"""


def keep(apps: Any, editor: Any) -> None:
    """Adds the triggers, in the words of the database."""
    if editor.connection.vendor == "sqlite":
        for verb in ("update", "delete"):
            editor.execute(SQLITE.format(verb=verb, VERB=verb.upper()))
    else:
        editor.execute(POSTGRESQL)


class Migration(migrations.Migration):
    """The triggers."""

    dependencies: ClassVar = [("caprev_web", "0001_beginnings")]
    operations: ClassVar = [migrations.RunPython(keep, migrations.RunPython.noop)]
