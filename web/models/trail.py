"""The trail: everything that was done, in a chain that nobody can edit without its showing."""

from __future__ import annotations

import hashlib
import json
from typing import Any, ClassVar

from django.conf import settings
from django.db import models

from caprev_web.models.matters import Matter


class Event(models.Model):
    """One thing that somebody did. Rows are only ever added: the database itself refuses to change or delete one.

    Events of a matter form a chain, and so do those of the desk (no matter): `digest` is over the event and the digest
    before it. `version` is the matter's after it.
    """

    matter = models.ForeignKey(Matter, null=True, on_delete=models.PROTECT, related_name="events")
    version = models.PositiveIntegerField(default=0)
    number = models.PositiveIntegerField()
    at = models.DateTimeField()
    who = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=60)
    kind = models.CharField(max_length=30)
    parcel = models.CharField(max_length=80, blank=True)
    fact = models.CharField(max_length=100, blank=True)
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)
    law = models.CharField(max_length=64, blank=True)
    digest = models.CharField(max_length=64)

    class Meta:
        """In the order in which they happened; a matter's are numbered without a gap."""

        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["matter", "number"], name="one_event_a_number"),
            models.UniqueConstraint(fields=["number"], condition=models.Q(matter=None), name="one_desk_event_a_number"),
        ]

    def chained(self, before: str) -> str:
        """The digest of this event after the one before it."""
        told: list[Any] = [before, str(self.matter_id or ""), self.version, self.number, self.at.isoformat(), self.name]
        told += [self.kind, self.parcel, self.fact, self.before, self.after, self.law]
        return hashlib.sha256(json.dumps(told, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
