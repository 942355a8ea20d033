"""What the databases themselves do to keep the trail: they refuse to change a row of it, or to delete one."""

from __future__ import annotations

TABLE = "caprev_web_event"
_WORDS = "the trail is only ever added to"


def set_up(vendor: str) -> list[str]:
    """The statements that put the guard in place."""
    if vendor == "sqlite":
        return [
            f"CREATE TRIGGER {TABLE}_no_{verb} BEFORE {verb} ON {TABLE} BEGIN SELECT RAISE(ABORT, '{_WORDS}'); END"
            for verb in ("update", "delete")
        ]
    return [
        f"CREATE OR REPLACE FUNCTION {TABLE}_kept() RETURNS trigger AS "
        f"$$ BEGIN RAISE EXCEPTION '{_WORDS}'; END $$ LANGUAGE plpgsql",
        f"CREATE TRIGGER {TABLE}_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON {TABLE} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION {TABLE}_kept()",
    ]


def lifted(vendor: str) -> list[str]:
    """The statements that take it away, within the transaction that puts it back."""
    if vendor == "sqlite":
        return [f"DROP TRIGGER {TABLE}_no_{verb}" for verb in ("update", "delete")]
    return [f"DROP TRIGGER {TABLE}_kept ON {TABLE}"]
