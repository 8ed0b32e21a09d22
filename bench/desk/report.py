"""What the walks came to, as a page of Markdown."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from bench.machine import machine
from bench.report import table

from .drawn import SEARCH
from .walk import Step

GOAL = 0.2
ABOUT = """由 `python -m bench.desk` 写出，只记录，不作为测试。

一个演示区按出厂的样子跑着：gunicorn、内嵌的 PostgreSQL、做活的进程，连同浏览器都在这台机器上。
每位经办人用自己的帐号登录，先把找得到链接的每一种页面各开两次（不计），再照链接、自己辖区的家庭和各种查找
一页接一页地开；家庭、人员和查找比别的页面开得多。用时从发出请求算到收完最后一个字节，
包括排队；一次查找是送出表单再打开结果两次请求。
文件（表格、PDF）不算页面。"""


@dataclass(frozen=True)
class Phase:
    """One way of walking: seconds to think between two pages, and what came of it."""

    think: tuple[float, float]
    seconds: float
    steps: list[Step]
    cpu: dict[str, float]


def page(scale: str, signing: list[Step], trial: dict[str, float], phases: list[Phase]) -> str:
    """The whole page."""
    about = [*machine().items(), ("演示区", scale), ("经办人", f"{len(signing)} 位同时")]
    parts = ["# 二十位经办人同时在用", ABOUT, table(("机器", ""), about)]
    parts += ["## 登录和试算", _once(signing, trial)]
    for phase in phases:
        parts += [f"## {_called(phase.think)}", _summary(phase), _slow(phase)]
        parts += ["### 查找", _kinds(s for s in phase.steps if s.kind.startswith(SEARCH))]
        parts += ["### 页面", _kinds(s for s in phase.steps if not s.kind.startswith(SEARCH))]
    return "\n\n".join(part for part in parts if part) + "\n"


def percentile(times: list[float], share: float) -> float:
    """The time that this share of all did not exceed, by the nearest rank."""
    ordered = sorted(times)
    return ordered[max(0, -(-len(ordered) * round(share * 100) // 100) - 1)]


def _called(think: tuple[float, float]) -> str:
    return f"每页之间想 {think[0]:g}–{think[1]:g} 秒" if think[1] else "一页接一页，一秒不停"


def _ms(seconds: float) -> str:
    return f"{seconds * 1000:.0f}"


def _once(signing: list[Step], trial: dict[str, float]) -> str:
    times = [step.seconds for step in signing]
    rows = [("登录（密码存的是慢算的摘要，本该慢）", _ms(percentile(times, 0.5)), _ms(max(times)))]
    rows += [(what, _ms(seconds), _ms(seconds)) for what, seconds in trial.items()]
    return table(("", "中位数 ms", "最慢 ms"), rows)


def _summary(phase: Phase) -> str:
    times = [step.seconds for step in phase.steps]
    wrong, rate = sum(step.status >= 400 for step in phase.steps), len(times) / phase.seconds
    busy = "，".join(f"{who} {used / phase.seconds * 100:.0f}%" for who, used in phase.cpu.items())
    rows = [
        ("开了", f"{len(times):,} 页，{phase.seconds:.0f} 秒，每秒 {rate:.1f} 页"),
        ("出错", f"{wrong} 页"),
        ("p50 / p95 / 最慢", " / ".join(map(_ms, (percentile(times, 0.5), percentile(times, 0.95),
                                             max(times)))) + " ms"),
        ("一个核的占用", busy),
    ]  # fmt: skip
    return table(("合计（目标 p95 200 ms 以内）", ""), rows)


def _slow(phase: Phase) -> str:
    found = [kind for kind, times in _by_kind(phase.steps).items()
             if percentile([s.seconds for s in times], 0.95) > GOAL]  # fmt: skip
    if not found:
        return "每一种页面和查找的 p95 都在 200 ms 以内。"
    return f"p95 超过 200 ms 的：{'，'.join(f'`{kind}`' for kind in sorted(found))}。"


def _by_kind(steps: Iterable[Step]) -> dict[str, list[Step]]:
    found: dict[str, list[Step]] = defaultdict(list)
    for step in steps:
        found[step.kind].append(step)
    return found


def _kinds(steps: Iterable[Step]) -> str:
    rows = []
    for kind, some in sorted(_by_kind(steps).items()):
        times = [step.seconds for step in some]
        wrong = sum(step.status >= 400 for step in some)
        figures = map(_ms, (percentile(times, 0.5), percentile(times, 0.95), max(times)))
        rows.append((f"`{kind}`", str(len(times)), *figures, str(wrong)))
    return table(("", "次数", "p50 ms", "p95 ms", "最慢 ms", "出错"), rows)
