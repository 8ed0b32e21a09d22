"""The journal for those who supervise: searching it, the state of its chain, taking it away."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_POST, require_safe

from jiekun.journal import actions as journal
from jiekun.journal import queries
from jiekun.journal.export import export as export_lines
from jiekun.journal.models import Entry
from jiekun.offices.models import Role
from jiekun.offices.queries import with_former, within
from jiekun.registry.scope import whole_registry

from . import actions
from .door import BadQuery, Desk, desk_page, moment, page, whole_number
from .paging import rows_a_page

A_PAGE = 50
FILTERS = ("officer", "act", "subject", "area", "since", "until")
# Kinds whose lines tell nothing of residents: all that an administrator may read of them.
_OFFICES = ("offices.", "journal.")
KINDS = {
    "registry.person": "人", "registry.household": "家庭", "registry.list": "名单",
    "offices.officer": "工作人员", "offices.division": "区划", "offices.department": "部门",
    "offices.savedfilter": "常用条件",
    "screening.run": "筛查",
    "offices.parameterchoice": "参数", "offices.readingchoice": "读法",
    "exchange.import": "导入", "offices.calendaryear": "工作日历", "journal.seal": "日志",
}  # fmt: skip
ACTS = {
    "sign-in": "登录", "sign-in-refused": "登录被拒", "sign-out": "退出",
    "sign-out-everywhere": "全部退出", "password-accepted": "密码通过", "recovery-code": "用备用码",
    "bind-authenticator": "绑定验证器", "change-password": "改密码", "reset-access": "重置",
    "hire": "建帐号", "take-in": "按名册建帐号", "activate": "启用帐号", "deactivate": "停用帐号",
    "appoint": "任命", "end-post": "结束岗位", "deputise": "指定代理", "end-deputy": "结束代理",
    "hand-over": "交接岗位", "rename-division": "区划改名", "merge-divisions": "区划合并",
    "split-division": "区划分设", "move-community": "社区改隶", "enter-year": "录工作日历",
    "propose-value": "提出参数", "propose-reading": "提出读法", "confirm-choice": "确认",
    "withdraw-choice": "撤回", "view": "看页面", "print": "打印", "export": "导出",
    "look-unmasked": "看完整信息", "export-unreached": "导出未到位",
    "export-journal": "导出日志", "record-facts": "记事实", "report-death": "报死亡",
    "settle-fact": "定以谁为准", "lift-settlement": "撤销以谁为准", "claim-identifier": "记号码",
    "end-identifier": "停用号码", "reveal-identifier": "看完整号码", "rename-person": "改名",
    "rotate-keys": "换密钥", "register-person": "登记人", "open-household": "立户",
    "join-household": "加入家庭", "leave-household": "离开家庭", "move-member": "转户",
    "split-household": "分户", "merge-households": "并户", "change-head": "换户主",
    "change-relation": "改与户主关系", "change-contact": "改电话网格", "move-household": "搬家",
    "move-away": "迁出本区", "enter-register": "入户籍", "leave-register": "出户籍",
    "keep-attachment": "存材料", "look-at-attachment": "看材料", "note-ground": "记依据",
    "withdraw-ground": "撤回依据", "find-duplicates": "找疑似重复",
    "propose-merge": "提出合并", "merge-people": "合并", "unmerge-people": "撤销合并",
    "send-merge-back": "退回合并", "different-people": "不是同一人",
    "decide-pair-later": "以后再看",
    "recognise": "认定", "begin-receipt": "开始享受", "start-run": "开始筛查",
    "run-done": "筛查完成",
    "run-failed": "筛查失败", "resume-run": "接着筛查", "cancel-run": "取消筛查",
    "import-upload": "上传台账", "import-apply": "导入台账", "import-applied": "台账已导入",
    "import-undo": "撤销导入", "import-undone": "导入已撤销", "import-discard": "作废台账",
    "import-take-marked": "下载要改的行", "choose-looks": "改显示", "save-filter": "存常用条件",
    "rename-filter": "常用条件改名", "remove-filter": "删常用条件",
    "seed-divisions": "建区划", "seed-departments": "建部门", "load-demo": "装演示数据",
}  # fmt: skip


@desk_page(*FILTERS, "page")
@require_safe
def search(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Lines by who, what, on whom, where and when."""
    asked = {name: request.GET.get(name, "").strip()[:64] for name in FILTERS}
    rows = queries.find(
        officer=asked["officer"],
        act=asked["act"],
        subject=asked["subject"],
        area=asked["area"],
        since=day_of(asked["since"], "since"),
        until=day_of(asked["until"], "until"),
    )
    pages = Paginator(_readable(desk, rows), rows_a_page(request, A_PAGE))
    here = pages.page(whole_number(request, "page", 1, 1, max(1, pages.num_pages)))
    return page(
        request,
        "desk/journal.html",
        keep_address=True,
        asked=asked,
        pages=here,
        rows=[
            (row, KINDS.get(row.subject_kind, row.subject_kind), ACTS.get(row.act, row.act))
            for row in here
        ],
        acts=ACTS,
        kinds=KINDS,
        chain=_chain_state(),
        may_export=desk.holds(Role.AUDITOR),
    )


@whole_registry("how many lines wait for a seal is a count of all there are")
def _chain_state() -> queries.ChainState:
    return queries.chain_state()


def _readable(desk: Desk, rows: QuerySet[Entry]) -> QuerySet[Entry]:
    """An auditor's: the lines of their areas. The audit administrator's: what the offices did."""
    areas = frozenset(post.area_id for post in desk.posts if post.role == Role.AUDITOR)
    if areas:
        # What was done here before a community went elsewhere was done here.
        return rows.filter(within(areas | with_former(areas, desk.on), "area") | Q(area=""))
    if desk.holds(Role.AUDIT_ADMIN):
        kinds = Q(pk__in=[])
        for start in _OFFICES:
            kinds |= Q(subject_kind__startswith=start)
        return rows.filter(kinds)
    raise PermissionDenied


def day_of(text: str, name: str) -> date | None:
    """A word of an address that is a day, or none. Raises BadQuery."""
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise BadQuery(f"“{name}”要写成 2024-11-01 这样的日期，现在是“{text[:20]}”。") from None


# Sealing and taking away are of the whole chain: both must read every line.
@desk_page(walled=False)
@require_POST
def export(request: HttpRequest, desk: Desk) -> HttpResponseBase:
    """All seals with their lines, as a file others can verify; said what for, and written down."""
    if not any(post.role == Role.AUDITOR and len(post.area_id) == 6 for post in desk.posts):
        raise PermissionDenied
    purpose = request.POST.get("purpose", "").strip()
    if not purpose:
        raise BadQuery("导出日志要写明用途：为哪项检查、交给谁。")
    actions.note_journal_export(purpose=purpose, by=desk.officer, at=moment())
    journal.seal(at=moment())
    answer = StreamingHttpResponse(_bytes(), content_type="application/jsonl")
    answer["Content-Disposition"] = f'attachment; filename="journal-{desk.on}.jsonl"'
    answer["Cache-Control"] = "no-store"
    return answer


def _bytes() -> Iterator[bytes]:
    for line in export_lines():
        yield line.encode()


@desk_page(walled=False)
@require_POST
def seal(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Link what is finished into the chain now."""
    if not desk.holds(Role.AUDITOR, Role.AUDIT_ADMIN):
        raise PermissionDenied
    sealed = journal.seal(at=moment())
    messages.success(request, f"封存了 {sealed:,} 行。" if sealed else "没有新的行要封存。")
    return redirect("desk:journal")
