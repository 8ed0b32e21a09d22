"""The registry's only writes, by what they are about; everybody else calls them here."""

from __future__ import annotations

from .checks import RefusedError
from .granting import begin_receipt, end_award, recognise
from .identifying import (
    TakenError,
    claim_identifier,
    end_identifier,
    rename_person,
    reveal_identifier,
    rotate_keys,
)
from .living import (
    change_head,
    change_relation,
    join_household,
    leave_household,
    merge_households,
    move_member,
    open_household,
    register_person,
    split_household,
)
from .moving import change_contact, move_away, move_household, report_death
from .recording import Statement, record_fact, record_facts
from .stays import StaleError

__all__ = [
    "RefusedError",
    "StaleError",
    "Statement",
    "TakenError",
    "begin_receipt",
    "change_contact",
    "change_head",
    "change_relation",
    "claim_identifier",
    "end_award",
    "end_identifier",
    "join_household",
    "leave_household",
    "merge_households",
    "move_away",
    "move_household",
    "move_member",
    "open_household",
    "recognise",
    "record_fact",
    "record_facts",
    "register_person",
    "rename_person",
    "report_death",
    "reveal_identifier",
    "rotate_keys",
    "split_household",
]
