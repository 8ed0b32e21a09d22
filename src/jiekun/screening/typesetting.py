"""Setting a page: Typst, in fonts that come with the install; the same words, the same bytes."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import typst


def typeset(template: Path, name: str, told: Mapping[str, Any], on: date) -> bytes:
    """A template as PDF, with `told` as its input of that name, dated the day it tells of."""
    made: bytes = typst.compile(
        str(template),
        font_paths=_fonts(),
        ignore_system_fonts=True,
        sys_inputs={name: json.dumps(told, ensure_ascii=False)},
        timestamp=int(datetime.combine(on, time(), UTC).timestamp()),
    )
    return made


@cache
def _fonts() -> list[str]:
    found = find_spec("pylopdf_fonts_zh_cn")
    assert found is not None
    assert found.origin is not None
    return [str(Path(found.origin).parent)]
