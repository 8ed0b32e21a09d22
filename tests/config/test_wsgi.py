"""What a server has ready before its workers part."""

import subprocess
import sys

READY = """
import jiekun.config.wsgi
from jiekun.law import load
from jiekun.offices.chosen import keeper

keeper._look = lambda: keeper._stamp
keeper.read = None
assert keeper.law() is load()
"""


def test_the_law_is_in_its_keepers_hands_before_workers_fork():
    # A process of its own, as a server is; files that change later are then seen as changed.
    ready = subprocess.run(
        [sys.executable, "-c", READY], check=False, capture_output=True, text=True
    )
    assert ready.returncode == 0, ready.stderr


FROZEN = """
import gc
import jiekun.config.wsgi

assert gc.get_freeze_count() > 100_000
"""


def test_what_stays_is_not_looked_through_for_garbage():
    frozen = subprocess.run(
        [sys.executable, "-c", FROZEN], check=False, capture_output=True, text=True
    )
    assert frozen.returncode == 0, frozen.stderr
