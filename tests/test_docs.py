"""What the pages beside the code promise, they keep."""

import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

import jiekun.law
from jiekun.config.cli import app

ROOT = Path(__file__).resolve().parent.parent
PAGES = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]


@pytest.mark.parametrize("path", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_lead_somewhere(path):
    links = re.findall(r"\]\(([^)#\s]+)", path.read_text(encoding="utf-8"))
    assert [link for link in links if ":" not in link and not (path.parent / link).exists()] == []


def test_the_python_api_page_runs(monkeypatch, capsys):
    monkeypatch.chdir(ROOT)
    page = (ROOT / "docs/python-api.md").read_text(encoding="utf-8")
    blocks = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    exec(compile("\n".join(blocks), "docs/python-api.md", "exec"), {})
    assert "最低生活保障" in capsys.readouterr().out


def test_the_readmes_example_still_answers_so(monkeypatch):
    monkeypatch.chdir(ROOT)
    shown = re.search(r"```text\n(.*?)```", (ROOT / "README.md").read_text(), re.DOTALL)[1]
    told = CliRunner().invoke(app, ["explain", "docs/examples/family.json"]).stdout
    assert [line for line in shown.splitlines() if line not in told] == []


def test_the_glossary_names_no_programme_that_is_gone():
    page = (ROOT / "GLOSSARY.md").read_text(encoding="utf-8")
    programmes = page.split("## Programmes", 1)[1].split("\n## ", 1)[0]
    named = {name for row in programmes.splitlines() for name in re.findall(r"`(\w+)`", row)}
    law = jiekun.law.load()
    folders = {rule.folder.rsplit("/", 1)[-1] for rules in law.rules.values() for rule in rules}
    assert named - {written.measure.name for written in law.written} - folders == set()


def test_every_room_has_its_line_in_the_architecture():
    page = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    rooms = {path.parent.name for path in (ROOT / "src/jiekun").glob("*/__init__.py")}
    assert {room for room in rooms if not re.search(rf"^{room} ", page, re.MULTILINE)} == set()
