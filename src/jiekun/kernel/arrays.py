"""Facts of many households as columns, in the ways files and databases hold them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]


@dataclass(frozen=True, slots=True)
class Bits:
    """Truths packed eight to a byte, the lowest bit first, from bit `offset` on."""

    data: Array
    offset: int
    length: int

    def unpacked(self) -> Array:
        """As an array of bool."""
        bits = np.unpackbits(self.data, count=self.offset + self.length, bitorder="little")
        return bits[self.offset :].astype(bool)


@dataclass(frozen=True, slots=True)
class Column:
    """One fact for everybody; `known` is None when nothing is unknown.

    Values are bool or signed whole numbers of any width, or Bits. With `codes`, they are
    indices into a dictionary, and `codes[index]` is the fact's code.
    """

    values: Array | Bits
    known: Array | Bits | None = None
    codes: Array | None = None


@dataclass(frozen=True, slots=True)
class Batch:
    """Facts of some households. `sizes`: people in each, at least one; money int64 fen, dates
    int32 days since 1970-01-01, choices by declared position. An absent fact is unknown."""

    sizes: Array
    people: Mapping[str, Column]
    household: Mapping[str, Column]
