"""How a measure stands to somebody."""

from __future__ import annotations

from django.db import models


class Kind(models.IntegerChoices):
    """How a measure stands to somebody: the law's answer beside what they receive."""

    UNREACHED = 1, "应得未得"
    RECEIVING = 2, "正在享受"
    ASK = 3, "可能符合，缺信息"
    JUDGE = 4, "等人判断"
    UNSET = 5, "标准未设定"
    NEAR = 6, "差一点"
    REVIEW = 7, "在领但不符合，待人复核"
    # Counted only: whom a universal measure covers without asking.
    COVERED = 8, "普惠覆盖"


OPEN = (Kind.ASK, Kind.JUDGE, Kind.UNSET)
ENTITLED = (Kind.UNREACHED, Kind.RECEIVING, Kind.COVERED)
