"""The dozen's numbers as dated parameters in yuan, as OpenFisca and PolicyEngine read them."""

from __future__ import annotations

from typing import Any


def _since(first: float, second: float | None = None) -> dict[str, Any]:
    values = {"2020-01-01": {"value": first}}
    if second is not None:
        values["2024-01-01"] = {"value": second}
    return {"values": values}


PARAMETERS: dict[str, Any] = {
    "standard": {
        "urban": _since(830.0, 1060.0),
        "suburban": _since(700.0, 912.5),
        "rural": _since(600.0, 795.7),
        "savings_months": _since(36),
    },
    "tekun": {
        "ratio": _since(1.3),
        "care_none": _since(1062.5),
        "care_partial": _since(531.3),
        "care_full": _since(106.3),
    },
    "orphan": {"institution": _since(2671.2), "home": _since(1780.8)},
    "dibao": {"work_cost": _since(318.0)},
    "meals": {"from_80": _since(150.0), "from_70": _since(90.0), "from_60": _since(135.5)},
    "education": {
        "kindergarten": _since(1000.0),
        "compulsory": _since(1250.0),
        "senior": _since(2000.0),
        "college": _since(5000.0),
    },
    "medical": {
        "edge": _since(1.5),
        "threshold": _since(3000.0),
        "share": _since(0.3),
        "cap": _since(10000.0),
    },
    "relief": {"line": _since(2.0), "months": _since(4.0)},
    "care": {"hours": _since(365), "rate": _since(35.0), "most": _since(40)},
    "work": {"training": _since(800.0), "startup": _since(10000.0)},
}
