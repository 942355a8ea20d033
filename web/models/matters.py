"""Matters and their facts as they were written, what is said of them, and what was made of them."""

from __future__ import annotations

import uuid
from typing import Any, ClassVar

from django.conf import settings
from django.db import models

from caprev_web.models.people import Team

STATUSES = ("open", "in review", "changes asked for", "signed off", "closed")
STANDINGS = ("documented", "stated", "disputed", "assumed")


class Matter(models.Model):
    """One owner's land, as several people work on it.

    `version` counts its changes. `about` is what the fact set says of the matter besides its title, `parcels` the
    names and titles of its parcels, empty where there is one. `standing` is the last conclusion that could be drawn,
    with the version it was drawn at; `problems` why none can be drawn now.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    title = models.CharField(max_length=200)
    reference = models.CharField(max_length=80, blank=True)
    team = models.ForeignKey(Team, null=True, on_delete=models.PROTECT)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="owned")
    assignee = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="assigned")
    status = models.CharField(max_length=20, default="open", choices=[(s, s) for s in STATUSES])
    tags = models.CharField(max_length=200, blank=True)
    position = models.CharField(max_length=40, blank=True)
    about = models.JSONField(default=dict)
    parcels = models.JSONField(default=list)
    version = models.PositiveIntegerField(default=1)
    standing = models.JSONField(default=list)
    standing_version = models.PositiveIntegerField(default=0)
    problems = models.JSONField(default=list)
    words = models.TextField(default="")
    created = models.DateTimeField(auto_now_add=True)
    changed = models.DateTimeField(auto_now=True)

    written: Any = None  # its entries, once `saving.entries_of` has read them

    class Meta:
        """The last changed first."""

        ordering: ClassVar = ["-changed"]

    def __str__(self) -> str:
        """The matter's title."""
        return str(self.title)

    @property
    def frozen(self) -> bool:
        """Whether nothing of it may change: it is signed off, or closed."""
        return self.status in ("signed off", "closed")

    @property
    def stale(self) -> bool:
        """Whether the standing shown is of an earlier version, because none can be drawn now."""
        return bool(self.problems)


class Entry(models.Model):
    """One fact of one parcel, as it was last written; the base has the parcel "".

    `value` is what was last understood, in the form of a fact set; None: nothing is said. Where what was typed could
    not be understood, `typed` keeps it, with the `problem`, and `value` stays what it was.
    """

    matter = models.ForeignKey(Matter, on_delete=models.CASCADE, related_name="entries")
    parcel = models.CharField(max_length=80, blank=True)
    fact = models.CharField(max_length=100)
    value = models.JSONField(null=True)
    typed = models.JSONField(null=True)
    problem = models.TextField(blank=True)
    source = models.TextField(blank=True)
    standing = models.CharField(max_length=12, blank=True)
    note = models.TextField(blank=True)
    version = models.PositiveIntegerField(default=0)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT)
    at = models.DateTimeField(auto_now=True)

    class Meta:
        """One row for each fact of a parcel."""

        constraints: ClassVar = [models.UniqueConstraint(fields=["matter", "parcel", "fact"], name="one_entry_a_fact")]


class Look(models.Model):
    """Up to which version somebody has seen a matter."""

    matter = models.ForeignKey(Matter, on_delete=models.CASCADE)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE)
    version = models.PositiveIntegerField()

    class Meta:
        """One for each person and matter."""

        constraints: ClassVar = [models.UniqueConstraint(fields=["matter", "user"], name="one_look_a_person")]


class Comment(models.Model):
    """What somebody says of a fact, of a section (`fact` is its name) or of a whole matter (empty), until it is
    resolved."""

    matter = models.ForeignKey(Matter, on_delete=models.CASCADE, related_name="comments")
    parcel = models.CharField(max_length=80, blank=True)
    fact = models.CharField(max_length=100, blank=True)
    text = models.TextField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    resolved_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    resolved = models.DateTimeField(null=True)

    class Meta:
        """In the order in which they were written."""

        ordering: ClassVar = ["at", "id"]


class Paper(models.Model):
    """A document made from a matter, with the record from which it can be made again."""

    matter = models.ForeignKey(Matter, on_delete=models.CASCADE, related_name="papers")
    template = models.CharField(max_length=20)
    form = models.CharField(max_length=4)
    edited = models.BooleanField(default=False)
    parcel = models.CharField(max_length=80, blank=True)
    version = models.PositiveIntegerField()
    content = models.BinaryField()
    sha256 = models.CharField(max_length=64)
    record = models.BinaryField()
    report = models.TextField(blank=True)
    checks = models.JSONField(default=list)
    ticked = models.JSONField(default=list)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        """The newest first."""

        ordering: ClassVar = ["-at", "-id"]


class SignOff(models.Model):
    """A matter signed off: by whom, at which version, on which facts and law, with the document of that moment."""

    matter = models.ForeignKey(Matter, on_delete=models.CASCADE, related_name="signoffs")
    version = models.PositiveIntegerField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    statement = models.TextField(blank=True)
    facts = models.TextField()
    law = models.CharField(max_length=64)
    paper = models.ForeignKey(Paper, null=True, on_delete=models.PROTECT)
    reopened = models.DateTimeField(null=True)

    class Meta:
        """The newest first."""

        ordering: ClassVar = ["-at", "-id"]
