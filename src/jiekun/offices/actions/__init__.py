"""The only writes of the offices."""

from ..refused import RefusedError
from .choosing import confirm, propose_reading, propose_value, withdraw
from .days import enter_year
from .own import MOST_SAVED, choose_looks, remove_filter, rename_filter, save_filter
from .places import merge_divisions, move_community, rename_division, split_division
from .posts import (
    activate,
    appoint,
    deactivate,
    deputise,
    end_deputy,
    end_post,
    hand_over,
    hire,
    take_in,
)
from .seeds import (
    CODES_SINCE,
    DEMO_OFFICERS,
    DEMO_PASSWORD,
    seed_demo_officers,
    seed_departments,
    seed_wuchang,
)
from .signing import (
    ATTEMPTS,
    ATTEMPTS_WITHIN,
    begin_authenticator,
    change_password,
    confirm_authenticator,
    enter,
    give_code,
    reset_access,
    sign_in,
    sign_out,
    sign_out_everywhere,
)

__all__ = [
    "ATTEMPTS",
    "ATTEMPTS_WITHIN",
    "CODES_SINCE",
    "DEMO_OFFICERS",
    "DEMO_PASSWORD",
    "MOST_SAVED",
    "RefusedError",
    "activate",
    "appoint",
    "begin_authenticator",
    "change_password",
    "choose_looks",
    "confirm",
    "confirm_authenticator",
    "deactivate",
    "deputise",
    "end_deputy",
    "end_post",
    "enter",
    "enter_year",
    "give_code",
    "hand_over",
    "hire",
    "merge_divisions",
    "move_community",
    "propose_reading",
    "propose_value",
    "remove_filter",
    "rename_division",
    "rename_filter",
    "reset_access",
    "save_filter",
    "seed_demo_officers",
    "seed_departments",
    "seed_wuchang",
    "sign_in",
    "sign_out",
    "sign_out_everywhere",
    "split_division",
    "take_in",
    "withdraw",
]
