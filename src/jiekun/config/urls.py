"""The root of all addresses: each site brings its own."""

from __future__ import annotations

from pathlib import Path

from django.urls import URLPattern, URLResolver, include, path

SITES = (("desk", ""),)

_BUILT = Path(__file__).resolve().parent.parent / "sites"

urlpatterns: list[URLPattern | URLResolver] = [
    path(prefix, include(f"jiekun.sites.{site}.urls"))
    for site, prefix in SITES
    if (_BUILT / site / "urls.py").exists()
]

handler400 = "jiekun.sites.desk.failures.bad_request"
handler403 = "jiekun.sites.desk.failures.forbidden"
handler404 = "jiekun.sites.desk.failures.not_found"
handler500 = "jiekun.sites.desk.failures.broken"
