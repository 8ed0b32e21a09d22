"""The WSGI entry for any production server."""

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jiekun.config.settings")
application = get_wsgi_application()


def _read_the_law() -> None:
    """Before workers fork, so that nobody waits at the first page, and by its keeper: a worker
    that kept it later would take files changed meanwhile for the ones it was read from."""
    from jiekun.offices.chosen import keeper

    keeper.law()
    # The law is some 300,000 objects that stay. Looking through them for garbage held up every page
    # of a worker for a quarter of a second, again and again.
    gc.collect()
    gc.freeze()


_read_the_law()
