"""The desk for a WSGI server; `caprev serve` runs it on waitress, one engine a process."""

from __future__ import annotations

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "caprev_web.settings")

from django.core.wsgi import get_wsgi_application  # after the settings are named

application = get_wsgi_application()
