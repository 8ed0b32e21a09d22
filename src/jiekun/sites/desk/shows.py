"""What each page of the desk shows: an address that is not here opens to nobody without families,
and fails the tests."""

from __future__ import annotations

from typing import NamedTuple

from jiekun.registry.access import Data


class Shows(NamedTuple):
    """Kinds of data on a page."""

    # Without seeing every one of these an officer is turned away.
    needs: frozenset[Data]
    # Only shown to those who see them; the page opens without.
    also: frozenset[Data] = frozenset()


def _shows(*needs: Data, also: tuple[Data, ...] = ()) -> Shows:
    return Shows(frozenset(needs), frozenset(also))


_WHO = (Data.FAMILIES, Data.NAMES, Data.CONTACT)
_LIST = _shows(*_WHO, Data.MONEY)
_FAMILY = _shows(*_WHO, Data.FACTS, Data.MONEY)
_LOOKED = _shows(Data.FAMILIES, Data.NAMES)
_TOTALS = _shows(Data.TOTALS)
_LEDGERS = _shows(Data.LEDGERS, Data.FAMILIES, Data.NAMES, Data.FACTS)
_LAW = _shows(Data.LAW)
_COUNTED_LAW = _shows(Data.LAW, also=(Data.TOTALS,))
_OFFICERS = _shows(Data.OFFICERS)
_ACTS = _shows(Data.OFFICE_ACTS, also=(Data.ACTS,))
_OWN = _shows(Data.OWN)
STRICTEST = _shows(*(data for data in Data if data in _FAMILY.needs))

_PAGES: dict[Shows, str] = {
    _shows(Data.FAMILIES, Data.TOTALS): "today",
    _LIST: "gone print-picked unreached findings changes recognised search reform-rows",
    _FAMILY: "household unmask-household print-household record what-if why change"
    " household-disagreements person unmask-person print-person"
    " duplicate act-on-duplicate"
    " disagreements why-change new-household household-story person-story"
    " recognitions grounds",
    _shows(*_WHO, Data.PAPERS): "papers household-papers",
    _LOOKED: "household-looked person-looked duplicates",
    _shows(Data.FAMILIES, Data.NAMES, Data.NUMBERS): "numbers",
    _LEDGERS: "imports upload-import import import-progress act-on-import import-to-mend",
    _TOTALS: "place runs start-run run run-progress act-on-run reforms reform-new reform-compare"
    " reform reform-progress act-on-reform reform-text reform-workbook reform-report",
    _COUNTED_LAW: "front measures measure parameters parameter handbook handbook-entry leaflet"
    " handbook-file leaflet-file readings",
    _LAW: "calendar divisions documents coverage document act-on-value act-on-reading conflicts"
    " district",
    _OFFICERS: "officers take-in roster officer act-on-officer",
    _ACTS: "journal journal-seal journal-export",
    _OWN: "sign-in sign-in-step held account activity looks help seeing sign-out take"
    " save-filter act-on-saved",
}
SHOWS: dict[str, Shows] = {name: shows for shows, names in _PAGES.items() for name in names.split()}
# Kinds that are seen in areas: without one there is nothing to show.
OF_RESIDENTS = frozenset({Data.FAMILIES, Data.TOTALS})


def shown_at(name: str | None) -> Shows:
    """What the address of a name shows; one nobody told of is taken to show everything."""
    return SHOWS.get(name or "", STRICTEST)
