"""Which role sees which kind of data, behind a mask or not, and for which purposes it may look
behind one or take data away. Everything shown or journaled anywhere reads this one table."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from enum import StrEnum

from django.db import models

from jiekun.offices.roles import Role


class Data(models.TextChoices):
    """Kinds of data, as officers speak of them."""

    FAMILIES = "families", "名单与家庭"
    NAMES = "names", "全名和生日"
    NUMBERS = "numbers", "证件号码"
    CONTACT = "contact", "电话和门牌"
    FACTS = "facts", "事实（收入、健康、上学等）"
    MONEY = "money", "待遇和金额"
    PAPERS = "papers", "材料附件"
    LEDGERS = "ledgers", "导入的台账"
    TOTALS = "totals", "汇总数"
    ACTS = "acts", "关于居民的操作日志"
    OFFICE_ACTS = "office_acts", "关于机构的操作日志"
    OFFICERS = "officers", "工作人员和岗位"
    LAW = "law", "政策、参数、区划和日历"
    OWN = "own", "自己的帐号和设置"


class Sight(models.TextChoices):
    """How somebody sees a kind of data."""

    OPEN = "open", "看得到"
    MASKED = "masked", "遮住"
    NONE = "none", "看不到"


class Purpose(StrEnum):
    """What somebody may look behind a mask, print or export for."""

    VISIT = "入户走访"
    CALL = "电话联系"
    IDENTITY = "核对身份"
    APPLY = "代为申请"
    VERIFY = "受理审核"
    SPOT_CHECK = "抽查核实"
    REVIEW = "审批复核"
    COMPLAINT = "信访答复"
    MEETING = "会议研究"
    REPORT = "上级报送"
    INSPECTION = "监督检查"
    LEAD = "线索核查"


class UnknownPurposeError(ValueError):
    """A purpose that is in nobody's list; the message says which there are."""


# People and what is known of them: the same for all who work with families.
_FAMILY = {
    Data.FAMILIES: Sight.OPEN,
    Data.NAMES: Sight.MASKED,
    Data.NUMBERS: Sight.MASKED,
    Data.CONTACT: Sight.MASKED,
    Data.FACTS: Sight.OPEN,
    Data.MONEY: Sight.OPEN,
    Data.PAPERS: Sight.MASKED,
    Data.TOTALS: Sight.OPEN,
}
_LEDGERS = {Data.LEDGERS: Sight.MASKED}
_OFFICES = {Data.OFFICERS: Sight.OPEN}
# What anybody signed in sees, whatever their post.
EVERYBODY: Mapping[Data, Sight] = {Data.LAW: Sight.OPEN, Data.OWN: Sight.OPEN}

# What a role's line leaves out it does not see. Departments and finance see what is referred to
# them, and nothing is yet; administrators keep accounts and see no residents.
SEES: Mapping[Role, Mapping[Data, Sight]] = {
    Role.COMMUNITY_WORKER: _FAMILY | _LEDGERS,
    Role.GRID_WORKER: _FAMILY,
    Role.STREET_OFFICER: _FAMILY | _LEDGERS,
    Role.STREET_LEADER: _FAMILY,
    Role.DISTRICT_OFFICER: _FAMILY | _LEDGERS,
    Role.DISTRICT_LEADER: _FAMILY,
    Role.DEPARTMENT_OFFICER: {},
    Role.FINANCE: {},
    Role.AUDITOR: _FAMILY | _OFFICES | {Data.ACTS: Sight.OPEN, Data.OFFICE_ACTS: Sight.OPEN},
    Role.SYSTEM_ADMIN: _OFFICES,
    Role.SECURITY_ADMIN: _OFFICES,
    Role.AUDIT_ADMIN: _OFFICES | {Data.OFFICE_ACTS: Sight.OPEN},
}

_AT_THE_DOOR = (Purpose.VISIT, Purpose.CALL, Purpose.IDENTITY, Purpose.APPLY)
_DECIDING = (Purpose.REVIEW, Purpose.COMPLAINT)
_SUPERVISING = (Purpose.INSPECTION, Purpose.LEAD)
_AT_THE_DESK = (Purpose.MEETING, Purpose.REPORT)

# What each role may look behind a mask for; a role that is not here looks behind none.
LOOKS_FOR: Mapping[Role, tuple[Purpose, ...]] = {
    Role.COMMUNITY_WORKER: _AT_THE_DOOR,
    Role.GRID_WORKER: (Purpose.VISIT, Purpose.CALL, Purpose.IDENTITY),
    Role.STREET_OFFICER: (*_AT_THE_DOOR, Purpose.VERIFY),
    Role.STREET_LEADER: _DECIDING,
    Role.DISTRICT_OFFICER: (Purpose.SPOT_CHECK, Purpose.CALL, Purpose.IDENTITY, *_DECIDING),
    Role.DISTRICT_LEADER: _DECIDING,
    Role.AUDITOR: _SUPERVISING,
}

# What each role may print or export for.
TAKES_FOR: Mapping[Role, tuple[Purpose, ...]] = {
    Role.COMMUNITY_WORKER: (Purpose.VISIT, Purpose.APPLY, Purpose.REPORT),
    Role.GRID_WORKER: (Purpose.VISIT,),
    Role.STREET_OFFICER: (Purpose.VISIT, Purpose.VERIFY, *_AT_THE_DESK),
    Role.STREET_LEADER: (Purpose.REVIEW, *_AT_THE_DESK),
    Role.DISTRICT_OFFICER: (Purpose.SPOT_CHECK, Purpose.REVIEW, *_AT_THE_DESK),
    Role.DISTRICT_LEADER: (Purpose.REVIEW, *_AT_THE_DESK),
    Role.AUDITOR: _SUPERVISING,
}

# Who sees families may write down what they learn of them; supervision only reads.
RECORDING: frozenset[Role] = frozenset(
    role for role, seen in SEES.items() if Data.FAMILIES in seen
) - {Role.AUDITOR}


def sight(roles: Iterable[Role], data: Data) -> Sight:
    """How the holder of these roles sees a kind of data: of several ways, the more careful one."""
    ways = {SEES[role].get(data, Sight.NONE) for role in roles}
    ways.add(EVERYBODY.get(data, Sight.NONE))
    return next((way for way in (Sight.MASKED, Sight.OPEN) if way in ways), Sight.NONE)


def seeing(*data: Data) -> frozenset[Role]:
    """The roles that see every one of these, if only behind a mask."""
    return frozenset(
        role for role, seen in SEES.items() if all(one in seen or one in EVERYBODY for one in data)
    )


def purposes(roles: Collection[Role], of: Mapping[Role, tuple[Purpose, ...]]) -> list[Purpose]:
    """What the holder of these roles may state, as LOOKS_FOR or TAKES_FOR says, in their order."""
    return list(dict.fromkeys(one for role in of if role in roles for one in of[role]))


def stating(purpose: str, of: Mapping[Role, tuple[Purpose, ...]]) -> frozenset[Role]:
    """The roles that may state a purpose. Raises UnknownPurposeError for one there is not."""
    if purpose not in list(Purpose):
        known = "、".join(Purpose)
        raise UnknownPurposeError(f"没有“{purpose[:20]}”这个用途，可以选：{known}")
    return frozenset(role for role, stated in of.items() if purpose in stated)
