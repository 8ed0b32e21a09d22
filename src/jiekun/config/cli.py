"""The command line: `jiekun --help`. Each command imports what it needs when it runs."""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from jiekun.config.cli_duplicates import duplicates_app
from jiekun.config.cli_journal import journal_app
from jiekun.config.cli_keys import keys_app

app = typer.Typer(
    name="jiekun",
    help="解困：算清一个家庭依法能得到什么、为什么，还缺哪一项。",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
law_app = typer.Typer(help="查看和检查写成规则的法规。", no_args_is_help=True)
app.add_typer(law_app, name="law")
app.add_typer(keys_app, name="keys")
app.add_typer(journal_app, name="journal")
app.add_typer(duplicates_app, name="duplicates")

On = Annotated[
    datetime | None,
    typer.Option(
        "--on", formats=["%Y-%m-%d"], metavar="日期", help="按哪一天的规定算，如 2024-11-01"
    ),
]
Place = Annotated[
    str | None,
    typer.Option("--place", metavar="区划代码", help="在哪里，如 420106（武昌区）"),
]
Simulate = Annotated[
    list[str] | None,
    typer.Option("--simulate", metavar="文件", help="假定一份征求意见稿已经施行，如 W24；可写多次"),
]
Day = Annotated[
    datetime,
    typer.Option(
        "--on", formats=["%Y-%m-%d"], metavar="日期", help="按哪一天的规定，如 2024-11-01"
    ),
]
Where = Annotated[
    str, typer.Option("--place", metavar="区划代码", help="在哪里，如 420106（武昌区）")
]
AsJson = Annotated[bool, typer.Option("--json", help="输出 JSON，给程序读")]


@app.command(
    epilog="例：[bold]jiekun explain 家庭.json --on 2024-11-01 --place 420106[/bold]",
)
def explain(
    file: Annotated[
        Path, typer.Argument(metavar="家庭.json", help="写着一户人的 JSON 文件；- 表示从标准输入读")
    ],
    on: Annotated[
        str | None,
        typer.Option("--on", metavar="日期", help="按哪一天的规定算，如 2024-11-01"),
    ] = None,
    place: Place = None,
    simulate: Simulate = None,
    as_json: AsJson = False,
    everything: Annotated[bool, typer.Option("--all", help="每个条件、每个缺项都列出来")] = False,
) -> None:
    """算一户：能得到什么、为什么，可能得到什么、还要问什么。

    不用数据库。没写的事实当作[bold]不知道[/bold]，不当作零；要说没有，就写 0 或 false。

    最小的文件：

      {"household": {"assets_within_limit": true},
       "people": [{"birth_date": "1980-01-01", "wage_income": 1500}]}

    能写哪些事实：jiekun facts。文件有错时一次列出全部错处，退出码 2。
    """
    from jiekun.config.cli_explain import run

    drafts = tuple(simulate or ())
    sys.exit(run(file, on, place, drafts, as_json=as_json, everything=everything))


@app.command(
    epilog="例：[bold]jiekun screen 人.parquet 户.parquet --on 2024-11-01 --place 420106 -o out[/]",
)
def screen(
    persons: Annotated[
        Path, typer.Argument(metavar="人.parquet", help="一人一行；也可以是放着几份文件的文件夹")
    ],
    households: Annotated[
        Path, typer.Argument(metavar="户.parquet", help="一户一行；文件夹里和“人”一份对一份")
    ],
    out: Annotated[Path, typer.Option("-o", "--out", metavar="文件夹", help="结果写到哪里")],
    on: Day,
    place: Where,
    simulate: Simulate = None,
    totals: Annotated[
        bool, typer.Option("--totals", help="只要合计，不写每人的结论，更快")
    ] = False,
    sort: Annotated[
        bool, typer.Option("--sort", help="先把全部文件按户排成一份；一户人分在几份里时用")
    ] = False,
    engine: Annotated[
        str, typer.Option("--engine", metavar="引擎", help="local 本机，spark 一群机器")
    ] = "local",
    master: Annotated[
        str | None,
        typer.Option(
            "--master", metavar="地址", help="Spark 在哪里，如 local[2,4]、spark://…:7077"
        ),
    ] = None,
) -> None:
    """算一批人：Parquet 文件进，结果文件出，不用数据库。

    列名就是事实的名字（jiekun facts）；钱用整数分，空格子是不知道。结果里有每人每项不是“不能”的
    结论（findings.parquet）和各项合计（totals.json）。没按户排的，先排好再算。

    分成几份的一份一份算，算完的不再算：停了、断了电，再跑同一条命令就接着做。文件有错时一次列出，
    退出码 2，不留半份结果。
    """
    from jiekun.config.cli_screen import How, run

    asked = (on.date(), place, tuple(simulate or ()))
    how = How(findings=not totals, sort=sort, engine=engine, master=master)
    sys.exit(run(persons, households, *asked, out, how))


@app.command(
    epilog="例：[bold]jiekun simulate w24_in_force --persons 人.parquet --households 户.parquet[/]",
)
def simulate(
    reforms: Annotated[
        list[str] | None,
        typer.Argument(metavar="方案…", help="写着怎么改的 YAML 文件，或现成方案的名字；可写几个"),
    ] = None,
    persons: Annotated[
        Path | None, typer.Option(metavar="人", help="Parquet 文件，或一份份文件的文件夹")
    ] = None,
    households: Annotated[Path | None, typer.Option(metavar="户", help="同上，一户一行")] = None,
    on: On = None,
    place: Place = None,
    out: Annotated[
        Path | None, typer.Option("-o", "--out", metavar="文件夹", help="结果写到哪里")
    ] = None,
    excel: Annotated[bool, typer.Option("--excel", help="另写 Excel")] = False,
    pdf: Annotated[bool, typer.Option("--pdf", help="另写 PDF")] = False,
    as_json: AsJson = False,
    ready: Annotated[bool, typer.Option("--list", help="列出现成的方案")] = False,
) -> None:
    """改一改会怎样：按改前、改后的规定把所有人各算一遍，多少户变多变少、要花多少钱。

    几个方案可以并排。日期和地方写在方案里，也可以另外指定。方案有错时一次列出，退出码 2。
    """
    from jiekun.config.cli_simulate import Wanted, listing, run

    if ready:
        sys.exit(listing())
    if not reforms or persons is None or households is None:
        raise typer.BadParameter("要写方案、--persons 和 --households；现成的方案见 --list")
    wanted = Wanted(out, excel, pdf, as_json)
    sys.exit(run(reforms, persons, households, on and on.date(), place, wanted))


@law_app.command("check")
def law_check(
    rules_only: Annotated[
        bool, typer.Option("--rules-only", help="只装法规，不对例子，快得多")
    ] = False,
) -> None:
    """把法规在每个地方、每个变动日都装一遍，再对全部例子；有错就指出文件和行。"""
    from jiekun.config.cli_law import check

    sys.exit(check(examples=not rules_only))


@law_app.command("show", epilog="例：[bold]jiekun law show dibao --on 2024-11-01[/bold]")
def law_show(
    measure: Annotated[
        str | None, typer.Argument(metavar="政策", help="政策的名字，如 dibao；不写就列出全部")
    ] = None,
    on: On = None,
    place: Place = None,
    simulate: Simulate = None,
    as_json: AsJson = False,
) -> None:
    """用白话显示一项政策：条件、算法、依据、参数历年的数。

    不写日期时用今天，不写地方时用武昌区。
    """
    from jiekun.config.cli_law import show

    sys.exit(show(measure, on and on.date(), place, tuple(simulate or ()), as_json))


@law_app.command("parameters", epilog="例：[bold]jiekun law parameters --missing[/bold]")
def law_parameters(
    missing: Annotated[bool, typer.Option("--missing", help="只列缺的")] = False,
    place: Place = None,
    on: On = None,
    as_json: AsJson = False,
) -> None:
    """列出政策用到的每个数：现在多少、出处、谁靠它；缺的在前面。

    设了 DATABASE_URL 时，也算上本区定的数，并说出最近一次筛查里有多少人因为缺它定不下来。
    """
    from jiekun.config.cli_parameters import parameters

    sys.exit(parameters(missing=missing, place=place, on=on and on.date(), as_json=as_json))


@law_app.command("readings")
def law_readings(place: Place = None, on: On = None, as_json: AsJson = False) -> None:
    """列出可以有几种理解的条文：有哪几种读法，默认哪种，本区选了哪种。"""
    from jiekun.config.cli_parameters import readings

    sys.exit(readings(place=place, on=on and on.date(), as_json=as_json))


@law_app.command("conflicts")
def law_conflicts(place: Place = None, on: On = None, as_json: AsJson = False) -> None:
    """列出文件之间的冲突：各方怎么说、数是多少、系统暂按哪边、由谁来定。

    登记在册的之后，是把两级规定逐条比对出来的。
    """
    from jiekun.config.cli_parameters import conflicts

    sys.exit(conflicts(place=place, on=on and on.date(), as_json=as_json))


@law_app.command("new", epilog="例：[bold]jiekun law new wuhan/wuchang/school_kit[/bold]")
def law_new(
    path: Annotated[
        str,
        typer.Argument(metavar="地方/名字", help="在哪个地方的文件夹里、叫什么，小写字母和下划线"),
    ],
    cites: Annotated[
        str, typer.Option("--cites", metavar="条款", help="出自哪一条，如 W22-2.3")
    ] = "L649-2",
) -> None:
    """建一项新政策的文件夹：规则、参数、例子三个文件，建好就能装、例子能过。

    名字已经有了、或者地方不认识，就什么都不写，退出码 2。
    """
    from jiekun.config.cli_new import run

    sys.exit(run(path, cites))


@law_app.command("mutate", epilog="例：[bold]jiekun law mutate --only wuhan/wuchang/dibao[/bold]")
def law_mutate(
    only: Annotated[
        str, typer.Option("--only", metavar="文件夹", help="只改这个文件夹里的规则和参数")
    ] = "",
    jobs: Annotated[int, typer.Option("--jobs", metavar="几个", min=1, help="几个进程同时做")] = 2,
    as_json: AsJson = False,
) -> None:
    """把法规一次改一处，看有没有例子对不上；没人看出来的改动列出来，退出码 1。

    改的是比较、并且或者、数、是非、集合、日期。
    """
    from jiekun.config.cli_mutate import run

    sys.exit(run(only, jobs, as_json))


@app.command()
def coverage(
    document: Annotated[
        str, typer.Option("--document", metavar="文件", help="只看一份文件，如 W24")
    ] = "",
    state: Annotated[
        str,
        typer.Option(
            "--state",
            metavar="状态",
            help="只看一种：runs、partly、to_come、not_for_a_computer",
        ),
    ] = "",
    as_json: AsJson = False,
) -> None:
    """五份文件每一条由什么执行：指到规则、参数、代码和测试；没有的说还差什么。

    指向不存在的东西时退出码 1。
    """
    from jiekun.config.cli_coverage import run

    sys.exit(run(document, state, as_json))


@app.command()
def facts(
    words: Annotated[
        str | None, typer.Argument(metavar="词", help="只列名字或说明里有这个词的")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """列出能写的全部事实：名字、意思、怎么填、谁能答。"""
    from jiekun.config.cli_facts import run

    sys.exit(run(words or "", as_json))


@app.command(
    epilog="例：[bold]jiekun handbook --on 2024-11-01 --place 420106 -o 工具书.pdf[/bold]",
)
def handbook(
    out: Annotated[Path, typer.Option("-o", "--out", metavar="文件.pdf", help="写到哪里")],
    on: Day,
    place: Where,
    reader: Annotated[
        str, typer.Option(metavar="读者", help="resident 居民、caseworker 经办、leader 领导")
    ] = "resident",
    simulate: Simulate = None,
    leaflet: Annotated[
        str | None, typer.Option(metavar="政策", help="只出一项政策的一页纸，如 dibao")
    ] = None,
    site: Annotated[
        str | None, typer.Option(metavar="网址", help="一页纸上二维码指向的网站")
    ] = None,
    totals: Annotated[
        Path | None, typer.Option(metavar="totals.json", help="jiekun screen 的合计，写进领导读本")
    ] = None,
) -> None:
    """把法规编成政策工具书（PDF）：谁能得、给多少、算例、怎么申请、期限、条款。

    全部从法规生成，不用数据库；同一套法规每次编出的文件一样。
    """
    from jiekun.config.cli_handbook import run

    asked = (on.date(), place, tuple(simulate or ()))
    sys.exit(run(*asked, reader=reader, out=out, leaflet=leaflet, site=site, totals=totals))


@app.command()
def demo(
    scale: Annotated[str, typer.Option("--scale", metavar="比例", help="从 1:100 到 1:1")] = "1:50",
    port: Annotated[int, typer.Option("--port", metavar="端口", min=0, max=65535)] = 8000,
) -> None:
    """建起演示区并打开网站：自带数据库，Ctrl-C 全部停下。"""
    from jiekun.config.demo_server import run_demo

    run_demo(scale, port)


@app.command()
def worker() -> None:
    """做长活的进程：夜间筛查、试算。和网站连同一个数据库；被杀了会自己再起来，没做完的接着做。"""
    from jiekun.config.worker import supervise

    supervise()


@app.command(
    add_help_option=False,
    context_settings={"ignore_unknown_options": True, "allow_extra_args": True},
)
def manage(context: typer.Context) -> None:
    """Django 自己的命令，如 jiekun manage migrate。"""
    from jiekun.config.manage import main as django_main

    sys.argv = ["jiekun manage", *context.args]
    django_main()


def main() -> None:
    """Entry point of the `jiekun` command."""
    app()
