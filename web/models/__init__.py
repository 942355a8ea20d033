"""What the desk keeps. Facts are kept as they were written; whatever the engine says of them can be said again."""

from caprev_web.models.classes import Lesson, Pupil
from caprev_web.models.matters import Comment, Entry, Look, Matter, Paper, SignOff
from caprev_web.models.people import Attempt, Link, Policy, Recovery, Team, User
from caprev_web.models.portfolios import Portfolio
from caprev_web.models.trail import Event

__all__ = [
    "Attempt", "Comment", "Entry", "Event", "Lesson", "Link", "Look", "Matter", "Paper", "Policy", "Portfolio",
    "Pupil", "Recovery", "SignOff", "Team", "User",
]  # fmt: skip
