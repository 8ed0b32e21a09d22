"""The WSGI entry for any production server."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jiekun.config.settings")
application = get_wsgi_application()
