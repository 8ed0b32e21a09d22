"""Write docs/demo-district.md: `python -m jiekun.demo.report [--scale 1:1] [FILE]`."""

from __future__ import annotations

import argparse
from pathlib import Path

from .fit import fit_report, write_report
from .make import make
from .scale import Scale


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scale", default="1:1")
    parser.add_argument("file", nargs="?", type=Path, default=Path("docs/demo-district.md"))
    asked = parser.parse_args()
    district = make(Scale.parse(asked.scale), lambda _stage, _done: None)
    write_report(fit_report(district), asked.scale, asked.file)


if __name__ == "__main__":
    main()
