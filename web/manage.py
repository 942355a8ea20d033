"""Django's own commands, for those who keep the desk: `python -m caprev_web.manage migrate`."""

from __future__ import annotations

import os
import sys

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "caprev_web.settings")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)
