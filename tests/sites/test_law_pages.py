"""Measures and documents: rules in words, numbers over time, and no claim beyond what runs."""

from dataclasses import replace

import pytest

from jiekun.law import load
from jiekun.offices.chosen import keeper
from jiekun.sites.desk.law import carried


def test_every_measure_of_both_laws_has_a_page(street, demo_day):
    law = load()
    for simulate, word in (((), ""), (("W24",), "W24")):
        program = law.program(on=demo_day.TODAY, place="420106", simulate=simulate)
        for use in program.measures:
            page = street.get(f"/measures/{use.measure.name}/", {"law": word} if word else {})
            assert page.status_code == 200, use.measure.name
            assert use.measure.about in page.content.decode()


def test_a_measure_only_the_draft_has_says_so(see):
    assert "只在 W24 草案里" in see("/measures/fixed_relief/")
    assert "只在 W24 草案里" not in see("/measures/fixed_relief/", law="W24")


def test_a_measure_there_is_not_has_no_page(see):
    see("/measures/nothing/", 404)


def test_a_number_nobody_found_is_said_and_not_guessed(see):
    page = see("/measures/dibao/")
    assert "未查得" in page
    assert "虚线处没有查到" in page


def test_the_number_in_force_is_marked(see):
    assert "940 元/月<small>现在用这个</small>" in see("/measures/dibao/")


def test_examples_stand_on_the_measures_page(see):
    assert "人均正好九百四十元，不够条件" in see("/measures/dibao/")


def test_every_document_has_a_page(street):
    for name in load().documents:
        assert street.get(f"/law/{name}/").status_code == 200, name


def test_a_draft_is_called_a_draft_and_an_expired_one_expired(see):
    assert "草案，未施行" in see("/law/W24/")
    assert "已到期" in see("/law/WH20/")


def test_a_clause_counts_only_where_a_rule_or_number_cites_it():
    law = load()
    cited = {cite for rules in law.rules.values() for rule in rules for cite in rule.cites}
    cited |= {v.cites for ps in law.parameters.values() for p in ps for v in p.values}
    done = {c.id for clauses in carried().values() for c in clauses.values() if c.done}
    assert done == {cite for cite in cited if "-" in cite}


def test_what_does_not_run_yet_is_said(see):
    undone = next(c for c in carried()["W24"].values() if not c.done)
    page = see("/law/W24/")
    assert f'id="{undone.id}"' in page
    assert "待后续" in page


def test_departments_read_the_law_without_families(sign_in):
    client = sign_in("jiaoyu")
    assert client.get("/law/W24/").status_code == 200
    page = client.get("/measures/dibao/").content.decode()
    assert "该得未得" not in page


@pytest.mark.parametrize("address", ["/measures/dibao/", "/law/MF57/"])
def test_rules_name_the_file_they_are_written_in(address, see):
    assert "china/dibao/measure.py:" in see(address)


def test_pages_follow_a_law_that_was_changed_while_the_system_runs(see, monkeypatch):
    law = keeper.law()
    changed = replace(law.documents["W24"], title="改过的办法")
    law = replace(law, documents={**law.documents, "W24": changed}, _programs={})
    monkeypatch.setattr(keeper, "kept", lambda: (law, "changed"))
    assert "改过的办法" in see("/law/W24/")
