"""The WSGI entry for any production server."""

import os

from django.core.wsgi import get_wsgi_application

from jiekun.law import load

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jiekun.config.settings")
application = get_wsgi_application()
# Read before workers fork, so that nobody waits for it at the first page.
load()
