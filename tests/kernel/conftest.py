import pytest

from . import laws


@pytest.fixture
def rule_law(tmp_path):
    """Writes and reads the law of one rule."""

    def make(rule, **more):
        return laws.one_rule(tmp_path / "law", rule, **more)

    return make


@pytest.fixture
def law_of(tmp_path):
    """Writes and reads a law from its files' texts."""

    def make(files):
        return laws.write_law(tmp_path / "law", files)

    return make
