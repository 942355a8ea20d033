"""The desk as a Django application."""

from django.apps import AppConfig


class Desk(AppConfig):
    """All of the desk: people, matters, classes, portfolios."""

    name = "caprev_web"
    label = "caprev_web"
