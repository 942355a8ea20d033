"""Classes: a decided case put to students, who join by a code, without an account, and leave nothing after the day."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models

STATES = ("open", "closed", "revealed")


KINDS = ("predict", "code")


class Lesson(models.Model):
    """One session of a class on one case. `move` counts the moves of the debate that are shown.

    A class either predicts what the court held, or codes the facts out of the decision; `reading` is then what it
    reads: where to find it, or the text itself.
    """

    code = models.CharField(max_length=8, unique=True)
    case = models.CharField(max_length=100)
    pack = models.CharField(max_length=40, blank=True)
    kind = models.CharField(max_length=10, default="predict", choices=[(k, k) for k in KINDS])
    reading = models.TextField(blank=True)
    seed = models.PositiveIntegerField()
    state = models.CharField(max_length=10, default="open", choices=[(s, s) for s in STATES])
    move = models.PositiveIntegerField(default=0)
    kept = models.BooleanField(default=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="lessons")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        """The newest first."""

        ordering: ClassVar = ["-at", "-id"]


class Pupil(models.Model):
    """Somebody who joined: a name that they chose, and their answer, if they gave one: a prediction, or
    the facts as they coded them, each in the form of a fact set."""

    lesson = models.ForeignKey(Lesson, on_delete=models.CASCADE, related_name="pupils")
    name = models.CharField(max_length=40)
    outcome = models.CharField(max_length=40, blank=True)
    route = models.CharField(max_length=60, blank=True)
    grounds = models.JSONField(default=list)
    coded = models.JSONField(default=dict)
    answered = models.DateTimeField(null=True)
    joined = models.DateTimeField(auto_now_add=True)

    class Meta:
        """In the order in which they came; no two of one name."""

        ordering: ClassVar = ["joined", "id"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["lesson", "name"], name="one_pupil_a_name")]
