"""Households beside their people: each row group decoded once, kept while it may be needed."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Future
from threading import Lock

import numpy as np
import pyarrow as pa

from .borders import Borders, read
from .columns import numbers
from .file_checks import HOME


class Shelf:
    """A file of households in order, from which threads take stretches."""

    def __init__(self, homes: Borders, columns: Sequence[str]) -> None:
        self.homes, self.columns = homes, list(columns)
        self._kept: dict[int, Future[pa.Table]] = {}
        self._lock = Lock()
        # Whether a row group was found out of order, or with one household twice.
        self.disorder = False

    def between(self, first: int, last: int) -> pa.Table:
        """The households numbered `first` to `last`."""
        low = int(np.searchsorted(self.homes.last, first, side="left"))
        high = int(np.searchsorted(self.homes.first, last, side="right"))
        if low >= high:
            return self.homes.nobody(self.columns)
        found = [self._row_group(place) for place in range(low, high)]
        table = found[0] if len(found) == 1 else pa.concat_tables(found)
        start, stop = np.searchsorted(numbers(table[HOME]), [first, last + 1])
        return table.slice(start, stop - start)

    def passed(self, household: int) -> None:
        """Nobody before this household will be asked for again."""
        with self._lock:
            for place in [p for p in self._kept if self.homes.last[p] < household]:
                del self._kept[place]

    def _row_group(self, place: int) -> pa.Table:
        with self._lock:
            found = self._kept.get(place)
            mine = found is None
            if found is None:
                found = self._kept[place] = Future()
        if mine:
            try:
                homes = self.homes
                pieces = read(homes.path, homes.metadata, homes.groups[place], self.columns)
                table = pa.concat_tables(pieces).combine_chunks()
                keys = numbers(table[HOME])
                self.disorder |= bool((keys[1:] <= keys[:-1]).any())
                found.set_result(table)
            except BaseException as error:
                found.set_exception(error)
        return found.result()
