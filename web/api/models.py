"""The programs that may call, and the answers that a repeated call is given again."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models


class Client(models.Model):
    """A program that calls for a person: what it may ask (`scopes`) and how often. Only its token's hash is kept."""

    name = models.CharField(max_length=60, unique=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    sha256 = models.CharField(max_length=64, unique=True)
    scopes = models.JSONField(default=list)
    per_minute = models.PositiveIntegerField(default=60)
    created = models.DateTimeField(auto_now_add=True)
    expires = models.DateTimeField(null=True)
    revoked = models.DateTimeField(null=True)

    def __str__(self) -> str:
        """The client's name."""
        return str(self.name)


class Answered(models.Model):
    """A write that was done once for a key, and what was answered; the same key is answered the same again."""

    client = models.ForeignKey(Client, on_delete=models.CASCADE)
    key = models.CharField(max_length=200)
    asked = models.CharField(max_length=64)
    answer = models.JSONField(null=True)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        """Once for each key of a client."""

        constraints: ClassVar = [models.UniqueConstraint(fields=["client", "key"], name="one_answer_a_key")]
