"""The trainer's room: arguments in moves, hypotheticals, exercises."""
