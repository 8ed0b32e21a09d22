"""How coverage is told: states and kinds of carrying out, in words."""

from __future__ import annotations

from collections.abc import Mapping

from .coverage import How, State

STATE_WORDS: Mapping[State, str] = {
    "runs": "在运行",
    "partly": "部分运行",
    "to_come": "待建",
    "not_for_a_computer": "不归电脑",
}
HOW_WORDS: Mapping[How, str] = {
    "measure": "政策规则",
    "procedure_step": "办事步骤",
    "clock": "时钟",
    "service": "服务",
    "data_duty": "数据责任",
    "report": "报表公开",
    "organisational_duty": "组织责任",
}
