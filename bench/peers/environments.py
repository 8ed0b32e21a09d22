"""Environments of the peers' own, at the versions pinned beside this file."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
HOME = ROOT / ".jiekun" / "bench"
PINS = Path(__file__).parent
# Which environment an engine runs in; Jiekun runs in the clone's own.
ENVIRONMENT = {
    "openfisca": "openfisca",
    "openfisca_index": "openfisca",
    "policyengine": "policyengine",
    "polars": "hand",
    "polars_streaming": "hand",
    "numpy": "hand",
    "numpy_chunks": "hand",
    "duckdb": "hand",
    "numba": "hand",
}


def python(engine: str) -> str:
    """The interpreter an engine runs in."""
    name = ENVIRONMENT.get(engine)
    return str(HOME / name / "bin" / "python") if name else sys.executable


def install(name: str) -> bool:
    """Makes one environment unless it holds these very pins; true when something was done."""
    pins, home = PINS / f"{name}.txt", HOME / name
    done = home / "pins.txt"
    if done.exists() and done.read_bytes() == pins.read_bytes():
        return False
    shutil.rmtree(home, ignore_errors=True)
    home.parent.mkdir(parents=True, exist_ok=True)
    uv = _uv()
    # Behind an office's own certificates uv's built-in list fails where the system's works.
    environment = {**os.environ, "UV_SYSTEM_CERTS": "1", "UV_NATIVE_TLS": "1"}
    if uv:
        steps = [
            [uv, "venv", "-q", "--python", sys.executable, str(home)],
            [uv, "pip", "install", "-q", "--python", str(home), "-r", str(pins)],
        ]
    else:
        steps = [
            [sys.executable, "-m", "venv", str(home)],
            [str(home / "bin" / "pip"), "install", "-q", "-r", str(pins)],
        ]
    for step in steps:
        subprocess.run(step, check=True, env=environment)
    shutil.copyfile(pins, done)
    return True


def _uv() -> str | None:
    tools = ROOT / ".jiekun" / "tools"
    for found in (shutil.which("uv"), tools / "venv/bin/uv", tools / "flat/bin/uv"):
        if found and Path(found).exists():
            return str(found)
    return None


def pinned() -> dict[str, str]:
    """The versions of what is raced, as pinned."""
    wanted = {
        "openfisca-core", "policyengine-core", "polars", "numpy", "duckdb", "numba", "pyarrow"
    }  # fmt: skip
    found: dict[str, str] = {}
    for name in ("openfisca", "policyengine", "hand"):
        for line in (PINS / f"{name}.txt").read_text().splitlines():
            package, _, version = line.partition("==")
            if package in wanted:
                found[package] = version
    return found
