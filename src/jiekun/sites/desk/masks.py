"""How one officer sees names, birthdays, telephones and addresses: as the table of access says."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from jiekun.offices.models import Role
from jiekun.registry.access import Data, Sight, sight
from jiekun.registry.models import Person

from . import words

# The one fact that tells who somebody is.
MASKED_FACT = "birth_date"


@dataclass(frozen=True)
class Masks:
    """The masks over what the holder of some roles sees; lifted once they said what for."""

    roles: frozenset[Role]
    lifted: bool = False

    def name(self, name: str) -> str:
        """李小明, or 李**."""
        return self._through(Data.NAMES, name, words.mask_name)

    def whose(self, number: int | None, person: Person | None) -> str:
        """Whom a list's row is about: nobody is the family, somebody the database hides is not."""
        if number is None:
            return "全家"
        return self.name(person.name) if person else "辖区外的人"

    def phone(self, phone: str) -> str:
        """13800002210, or 138****2210."""
        return self._through(Data.CONTACT, phone, words.mask_phone)

    def address(self, address: str) -> str:
        """复兴路12号, or 复兴路**号."""
        return self._through(Data.CONTACT, address, words.mask_address)

    def born(self, day: date) -> str:
        """1946-02-09, or 1946 年: with the end of a number, a whole birthday gives it away."""
        return self._through(Data.NAMES, day.isoformat(), lambda text: f"{text[:4]} 年")

    def within(self, text: str, *names: str) -> str:
        """A sentence in which some names may stand, with these as they are seen."""
        for name in sorted(filter(None, names), key=len, reverse=True):
            text = text.replace(name, self.name(name))
        return text

    def _through(self, data: Data, text: str, mask: Callable[[str], str]) -> str:
        match sight(self.roles, data):
            case Sight.OPEN:
                return text
            case Sight.MASKED:
                return text if self.lifted else mask(text)
        return ""
