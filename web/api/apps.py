"""The API as a part of Django with tables of its own."""

from __future__ import annotations

from django.apps import AppConfig


class Api(AppConfig):
    """Clients, and what they were answered."""

    name = "caprev_web.api"
    label = "caprev_api"
    default_auto_field = "django.db.models.BigAutoField"
