"""The house keeps its shape: what import-linter cannot see is held here."""

import ast
import re
import tomllib
from pathlib import Path

import pytest
from django.apps import apps

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "src" / "jiekun"
FILES = sorted(SOURCE.rglob("*.py"))
WRITTEN = [path for path in FILES if "migrations" not in path.parts]

VAGUE = {"services", "utils", "util", "common", "helpers", "managers", "signals", "misc"}
CLOCKS = {"now", "today", "utcnow", "localtime", "localdate", "monotonic", "perf_counter"}
# Rooms where a day or a moment is always passed in, so that every answer can be given again.
CLOCKLESS = ("kernel", "law", "journal", "offices", "registry", "screening", "demo")
ARROW_ROOMS = {"screening", "exchange", "demo"}
POPULATION_FORMATS = {
    "pyarrow",
    "duckdb",
    "pyspark",
    "adbc_driver_manager",
    "adbc_driver_postgresql",
}
PRIVACY = {"public", "personal", "sensitive"}


def layers():
    """Each room's height, from the one list import-linter reads too."""
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]
    (contract,) = (c for c in contracts["contracts"] if c["type"] == "layers")
    return {
        room: -depth
        for depth, layer in enumerate(contract["layers"])
        for room in re.findall(r"\w+", layer)
    }


def room_of(model):
    return model.__module__.split(".")[1]


def our_models():
    return [m for m in apps.get_models() if m.__module__.startswith("jiekun.")]


def named(paths):
    return pytest.mark.parametrize("path", paths, ids=lambda p: str(p.relative_to(SOURCE)))


def functions(path):
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
    return [n for n in ast.walk(ast.parse(path.read_text())) if isinstance(n, kinds)]


def test_foreign_keys_point_down_or_stay_in_their_room():
    height = layers()
    wrong = [
        f"{model._meta.label}.{field.name} -> {field.related_model._meta.label}"
        for model in our_models()
        for field in model._meta.get_fields()
        if field.is_relation and field.concrete and room_of(field.related_model) in height
        if room_of(field.related_model) != room_of(model)
        if height[room_of(field.related_model)] >= height[room_of(model)]
    ]
    assert wrong == []


def test_every_field_says_how_private_it_is():
    unsorted = [
        f"{model._meta.label}.{field.name}"
        for model in our_models()
        for field in model._meta.concrete_fields
        if getattr(model, "privacy", {}).get(field.name) not in PRIVACY
    ]
    assert unsorted == []


def test_privacy_names_no_field_that_is_gone():
    gone = [
        f"{model._meta.label}.{name}"
        for model in our_models()
        for name in getattr(model, "privacy", {}).keys() - {f.name for f in model._meta.fields}
    ]
    assert gone == []


def test_every_room_has_its_place_in_the_house():
    rooms = {path.name for path in SOURCE.iterdir() if (path / "__init__.py").exists()}
    assert rooms - layers().keys() == set()


@named(WRITTEN)
def test_no_file_is_longer_than_400_lines(path):
    assert len(path.read_text().splitlines()) <= 400


@named(WRITTEN)
def test_no_function_is_longer_than_40_lines(path):
    long = [f.name for f in functions(path) if f.end_lineno - f.lineno >= 40]
    assert long == []


def test_modules_are_named_for_what_they_do():
    assert [str(p) for p in FILES if p.stem in VAGUE or p.parent.name in VAGUE] == []


@named([p for p in WRITTEN if p.relative_to(SOURCE).parts[0] in CLOCKLESS])
def test_the_domain_has_no_clock(path):
    calls = (n.func for n in ast.walk(ast.parse(path.read_text())) if isinstance(n, ast.Call))
    clocks = {f.attr for f in calls if isinstance(f, ast.Attribute)} & CLOCKS
    assert clocks == set()


@named([p for p in WRITTEN if "actions" in (p.stem, p.parent.name)])
def test_actions_take_keywords_and_the_moment(path):
    wrong = [
        f.name
        for f in ast.parse(path.read_text()).body
        if isinstance(f, ast.FunctionDef) and not f.name.startswith("_")
        if f.args.args or "at" not in {a.arg for a in f.args.kwonlyargs}
    ]
    assert wrong == []


@named([p for p in WRITTEN if p.relative_to(SOURCE).parts[0] not in ARROW_ROOMS])
def test_only_screening_exchange_and_the_demo_know_population_formats(path):
    nodes = list(ast.walk(ast.parse(path.read_text())))
    names = [alias.name for n in nodes if isinstance(n, ast.Import) for alias in n.names]
    names += [n.module or "" for n in nodes if isinstance(n, ast.ImportFrom)]
    assert {name.split(".")[0] for name in names} & POPULATION_FORMATS == set()


def test_every_template_is_used():
    templates = {
        path.relative_to(folder).as_posix()
        for folder in SOURCE.glob("sites/*/templates")
        for path in folder.rglob("*.html")
    }
    texts = "".join(p.read_text() for p in [*FILES, *SOURCE.rglob("*.html")])
    assert [
        name for name in templates if f'"{name}"' not in texts and f"'{name}'" not in texts
    ] == []
