"""Every sentence in cases.yaml, held against the law."""

from pathlib import Path

import pytest

import jiekun.law
from jiekun.kernel.cases import Case, check, read_cases
from jiekun.law import load

FOLDER = Path(jiekun.law.__file__).parent


def sentence(case: Case) -> str:
    return f"{Path(case.file).parent.name}: {case.name}"


CASES = [case for path in sorted(FOLDER.rglob("cases.yaml")) for case in read_cases(path)]


@pytest.mark.parametrize("case", CASES, ids=sentence)
def test_the_law_says_so(case: Case) -> None:
    assert check(load(), case) == []
