"""The registry's only writes, by what they are about; everybody else calls them here."""

from __future__ import annotations

from .checks import RefusedError
from .deciding import end_recognition, note_recognition
from .filing import (
    keep_attachment,
    look_at_attachment,
    note_ground,
    remove_attachment,
    withdraw_ground,
)
from .granting import (
    begin_receipt,
    begin_receipts,
    end_award,
    end_awards,
    recognise,
    recognise_many,
)
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
from .looking import look_unmasked, note_views, print_page, take_away
from .moving import change_contact, move_away, move_household, report_death
from .noting import UnseenError
from .pairing import (
    confirm_merge,
    decide_later,
    note_pairs,
    say_different,
    say_same,
    send_back,
    undo_merge,
)
from .recording import ChangedError, Statement, record_fact, record_facts
from .registering import enter_register, leave_register
from .settling import DecidedError, lift_settlement, settle_fact
from .stays import StaleError
from .welcoming import Newcomer, found_household, take_in

__all__ = [
    "ChangedError",
    "DecidedError",
    "Newcomer",
    "RefusedError",
    "StaleError",
    "Statement",
    "TakenError",
    "UnseenError",
    "begin_receipt",
    "begin_receipts",
    "change_contact",
    "change_head",
    "change_relation",
    "claim_identifier",
    "confirm_merge",
    "decide_later",
    "end_award",
    "end_awards",
    "end_identifier",
    "end_recognition",
    "enter_register",
    "found_household",
    "join_household",
    "keep_attachment",
    "leave_household",
    "leave_register",
    "lift_settlement",
    "look_at_attachment",
    "look_unmasked",
    "merge_households",
    "move_away",
    "move_household",
    "move_member",
    "note_ground",
    "note_pairs",
    "note_recognition",
    "note_views",
    "open_household",
    "print_page",
    "recognise",
    "recognise_many",
    "record_fact",
    "record_facts",
    "register_person",
    "remove_attachment",
    "rename_person",
    "report_death",
    "reveal_identifier",
    "rotate_keys",
    "say_different",
    "say_same",
    "send_back",
    "settle_fact",
    "split_household",
    "take_away",
    "take_in",
    "undo_merge",
    "withdraw_ground",
]
