"""Pages of the desk opened in-process: server time and queries, as a district officer sees them."""

from __future__ import annotations

import time
from itertools import count
from typing import Any

from django.db import connection
from django.test import Client

from jiekun.offices.models import Officer
from jiekun.screening.models import FamilySummary

PAGES = {
    "全区": ["/", "/?law=W24"],
    "未到位": [
        "/unreached/",
        "/unreached/?sort=yearly",
        "/unreached/?page=3",
        "/unreached/?law=W24",
    ],
    "变动": ["/changes/"],
    "政策": ["/measures/", "/measures/dibao/", "/measures/tekun/"],
    "法规": ["/law/", "/law/W24/"],
    "查找": ["/search/?q=陈", "/search/?q=chen", "/search/?q=民主路"],
}
HOUSEHOLDS = 40


def measure(rounds: int) -> dict[str, Any]:
    """Median and 95th percentile in seconds, and the most queries, of each kind of page."""
    client = Client(SERVER_NAME="localhost")
    client.force_login(Officer.objects.get(username="qu"))
    families = FamilySummary.objects.order_by("-id").values_list("household_id", flat=True)
    homes = [f"/households/{pk}/" for pk in families[:HOUSEHOLDS]]
    # As on any day but the first minute: both laws are compiled already.
    for address in PAGES["全区"]:
        client.get(address)
    found = {}
    for name, addresses in {**PAGES, "家庭": homes}.items():
        times, queries = [], 0
        for _ in range(1 if name == "家庭" else rounds):
            for address in addresses:
                seconds, asked = _open(client, address)
                times.append(seconds)
                queries = max(queries, asked)
        times.sort()
        found[name] = {
            "median": times[len(times) // 2],
            "p95": times[int(len(times) * 0.95)],
            "queries": queries,
        }
    return found


def _open(client: Client, address: str) -> tuple[float, int]:
    asked = count()

    def counted(execute: Any, *words: Any) -> Any:
        next(asked)
        return execute(*words)

    with connection.execute_wrapper(counted):
        began = time.perf_counter()
        answer = client.get(address)
        seconds = time.perf_counter() - began
    assert answer.status_code == 200, f"{address}: {answer.status_code}"
    return seconds, next(asked)
