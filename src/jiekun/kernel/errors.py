"""How the law's own mistakes are told: what, where, and the nearest right name."""

from collections.abc import Iterable
from difflib import get_close_matches


class LawError(Exception):
    """A mistake in the written law. `file` and `line` say where; `hint` how to mend it."""

    def __init__(self, message: str, *, file: str = "", line: int = 0, hint: str = "") -> None:
        self.message = message
        self.file = file
        self.line = line
        self.hint = hint
        super().__init__(self.__str__())

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}: " if self.file else ""
        hint = f" ({self.hint})" if self.hint else ""
        return f"{where}{self.message}{hint}"


def nearest(name: str, names: Iterable[str]) -> str:
    """A hint naming the closest known name, or an empty string."""
    close = get_close_matches(name, list(names), n=1, cutoff=0.6)
    return f"did you mean {close[0]}?" if close else ""
