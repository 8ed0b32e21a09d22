"""What a post lets its holder do."""

from __future__ import annotations

from django.db import models


class Role(models.TextChoices):
    """The roles there are; what each may see and do stands with what is seen and done."""

    COMMUNITY_WORKER = "community_worker", "社区工作人员"
    GRID_WORKER = "grid_worker", "网格员"
    STREET_OFFICER = "street_officer", "街道经办"
    STREET_LEADER = "street_leader", "街道负责人"
    DISTRICT_OFFICER = "district_officer", "区民政经办"
    DISTRICT_LEADER = "district_leader", "区民政负责人"
    DEPARTMENT_OFFICER = "department_officer", "部门经办"
    FINANCE = "finance", "资金管理"
    AUDITOR = "auditor", "监督审计"
    SYSTEM_ADMIN = "system_admin", "系统管理员"
    SECURITY_ADMIN = "security_admin", "安全管理员"
    AUDIT_ADMIN = "audit_admin", "安全审计员"


# Three different persons, each without any other post: the database holds them apart.
ADMINISTRATORS = frozenset({Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN})
