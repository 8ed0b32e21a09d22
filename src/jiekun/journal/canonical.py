"""What a journal line says, as bytes that stay the same for ever, and its SM3 digest.

The form is written down in docs/journal.md, for those who verify an export without this program:
change nothing here without a new mark at its head.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from cryptography.hazmat.primitives import hashes

LINE, SEAL = "jiekun-line-1", "jiekun-seal-1"
DIGEST_BYTES = 32
# A member of a seal: the number of a line in eight bytes, then its digest.
MEMBER_BYTES = 8 + DIGEST_BYTES
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_ALGORITHM = hashes.SM3()
_JSON = json.JSONEncoder(
    ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False
).encode


def sm3(content: bytes) -> bytes:
    """The digest of GB/T 32905."""
    made = hashes.Hash(_ALGORITHM)
    made.update(content)
    return made.finalize()


def microseconds(at: datetime) -> int:
    """A moment as whole microseconds since 1970. Raises TypeError without a time zone."""
    return (at - _EPOCH) // _MICROSECOND


def line_digest(fields: Sequence[Any]) -> bytes:
    """Of a line: moment in microseconds, act, officer's number and name, kind and key of the
    subject, area, purpose, data."""
    return sm3(_text([LINE, *fields]))


def seal_digest(fields: Sequence[Any], members: bytes) -> bytes:
    """Of a seal: number, moment, era, first and last transaction, lines, the seal before in hex."""
    return sm3(_text([SEAL, *fields, sm3(members).hex()]))


def member(number: int, digest: bytes) -> bytes:
    """A line as its seal knows it."""
    return number.to_bytes(8) + digest


def _text(fields: list[Any]) -> bytes:
    return _JSON(fields).encode()


def plain(value: Any) -> Any:
    """A value as the database will give it back. Raises TypeError for what would come back
    otherwise: a float (1e3 returns as 1000), or anything that is not JSON."""
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, str):
        return str(value)
    if isinstance(value, Mapping):
        if wrong := [key for key in value if not isinstance(key, str)]:
            raise TypeError(f"a journal line's data is named by text, not by {wrong[0]!r}")
        return {str(key): plain(held) for key, held in value.items()}
    if isinstance(value, list | tuple):
        return [plain(held) for held in value]
    raise TypeError(f"a journal line cannot hold {value!r}: say it in whole numbers or text")
