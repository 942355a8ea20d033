"""People, their teams and roles, and how they come in."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models

ROLES = ("reader", "author", "reviewer", "trainer", "administrator")
LOCAL = "local"
"""The name of the one person of a desk on one machine, who is let in by a link and has every role."""


class Team(models.Model):
    """People who see each other's matters."""

    name = models.CharField(max_length=80, unique=True)

    def __str__(self) -> str:
        """The team's name."""
        return str(self.name)


class People(BaseUserManager):
    """How people are added."""

    def create(self, name: str, password: str | None = None, **more: Any) -> User:
        """A person; without a password nobody can sign in by that name."""
        user: User = self.model(name=name, **more)
        if password:
            user.set_password(password)
        else:
            user.set_unusable_password()
        user.save(using=self._db)
        return user


class User(AbstractBaseUser):
    """A person. `roles` are what they may do, `team` whose matters they see."""

    name = models.CharField(max_length=60, unique=True)
    full_name = models.CharField(max_length=120, blank=True)
    roles = models.JSONField(default=list)
    team = models.ForeignKey(Team, null=True, blank=True, on_delete=models.PROTECT)
    is_active = models.BooleanField(default=True)
    # Who signs in at the provider has no password here, and is known by its name for them from the first time on.
    single = models.BooleanField(default=False)
    issuer = models.CharField(max_length=200, blank=True)
    subject = models.CharField(max_length=255, blank=True)
    joined = models.DateTimeField(auto_now_add=True)

    objects = People()
    USERNAME_FIELD = "name"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        """Nobody is two people."""

        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["issuer", "subject"], condition=~models.Q(subject=""), name="one_person_a_subject"
            )
        ]

    def __str__(self) -> str:
        """The person as pages name them."""
        return str(self.full_name or self.name)

    def has(self, *roles: str) -> bool:
        """Whether the person has any of the roles."""
        return bool(set(self.roles) & set(roles))


class Link(models.Model):
    """A link that lets the local person in, once and for a short time. Only its hash is kept."""

    sha256 = models.CharField(max_length=64, unique=True)
    expires = models.DateTimeField()
    used = models.DateTimeField(null=True)


class Recovery(models.Model):
    """A code that lets somebody in once without their phone. Only a slow hash of it is kept."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="recoveries")
    hashed = models.CharField(max_length=200)


class Policy(models.Model):
    """What holds for everybody who signs in; one row, or none while nothing was decided."""

    second_factor = models.BooleanField(default=False)


class Attempt(models.Model):
    """A sign-in that failed, counted against guessing."""

    name = models.CharField(max_length=60)
    network = models.CharField(max_length=64)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        """Looked up by who and from where."""

        indexes: ClassVar = [models.Index(fields=["name", "network", "at"])]
