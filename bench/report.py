"""The figures as a page of Markdown."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

ABOUT = (
    "由 `script/bench` 写出。只记录，不作为测试：换一台机器数字就不同。"
    "每一项在自己的进程里测；内存是该进程到过的最高值。"
)
Rows = list[tuple[str, ...]]


def table(head: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> str:
    """A Markdown table."""
    lines = [head, tuple("---" for _ in head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def ms(seconds: float) -> str:
    """Milliseconds a reader can compare."""
    return f"{seconds * 1000:.2f} ms" if seconds < 0.1 else f"{seconds * 1000:.0f} ms"


def s(seconds: float) -> str:
    """Seconds."""
    return f"{seconds:.2f} s"


def page(machine: dict[str, str], found: dict[str, Any]) -> str:
    """The whole page, in the order things were measured."""
    parts = [
        "# 实测数字",
        ABOUT,
        table(("机器", ""), list(machine.items())),
    ]
    for title, write in SECTIONS.items():
        key, head = title
        if key in found:
            parts += [f"## {head}", write(found[key])]
    return "\n\n".join(parts) + "\n"


def _law(found: Any) -> str:
    rows = [
        ("导入", s(found["import"])),
        ("读全部法规", s(found["read"])),
        ("装成程序（现行和试算 W24 两遍）", s(found["compile"])),
        ("合计（目标 1 s 以内）", s(found["all"])),
    ]
    return table((f"{found['measures']} 项政策", "用时"), rows)


def _decide(found: Any) -> str:
    rows: Rows = []
    for law, name in (("now", "现行"), ("W24", "试算 W24")):
        size = f"{found[f'{law} outcomes']} 个结论，{found[f'{law} steps']} 步"
        for what, label in (
            ("reasons", "结论、缺项次序、全部理由"),
            ("json", "同上，写成中文 JSON"),
        ):
            figures = found[f"{law} {what}"]
            rows.append((f"{name}：{label}", size, ms(figures["median"]), ms(figures["p99"])))
    return table(("四口之家（目标：现行中位数 1 ms 以内）", "大小", "中位数", "p99"), rows)


def _explain(found: Any) -> str:
    rows = [("`jiekun explain`，冷启动到答案", s(found["median"]), s(found["worst"]))]
    return table(("目标 1 s 以内", "中位数", "最慢"), rows)


def _make(found: Any) -> str:
    rows = [(f"{found['people']:,}", s(found["make"]), s(found["write"]))]
    return table(("人", "生成", "写 Parquet"), rows)


def _files(found: Any) -> str:
    rows = [
        (
            f"{one['people']:,}",
            one["law"],
            s(one["seconds"]),
            f"{one['people'] / one['seconds'] / 1e6:.2f}",
            f"{one['peak_mib']:,} MiB",
        )
        for one in found
    ]
    return table(("人", "法规", "用时", "百万人/秒", "内存"), rows)


def _database(found: Any) -> str:
    rows = []
    for one in found:
        stages = "，".join(f"{name} {seconds:.1f}" for name, seconds in one["stages"].items())
        rows.append(
            (
                f"{one['people']:,}",
                one["law"],
                s(one["seconds"]),
                f"{one['peak_mib']:,} MiB",
                stages,
            )
        )
    return table(("人", "法规", "用时", "内存", "各段用时之和（秒）"), rows)


def _desk(found: Any) -> str:
    rows = [
        (name, ms(one["median"]), ms(one["p95"]), str(one["queries"]))
        for name, one in found.items()
        if isinstance(one, dict)
    ]
    return table(("页面（目标 p95 200 ms、15 次查询以内）", "中位数", "p95", "查询最多"), rows)


SECTIONS = {
    ("law", "导入并装好全部法规"): _law,
    ("decide", "算一户"): _decide,
    ("explain", "命令行"): _explain,
    ("make", "生成演示区"): _make,
    ("files", "Parquet 到 Parquet（目标：109 万人 3 s 以内，2 GiB 以内，随人数线性）"): _files,
    ("database", "PostgreSQL 到 PostgreSQL（目标：109 万人 15 s 以内）"): _database,
    ("desk", "网页，1:1 的演示区"): _desk,
}
