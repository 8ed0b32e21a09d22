import pytest
from hypothesis import HealthCheck, settings

from . import laws

# The same examples on any day; `--hypothesis-profile=wander` looks for new ones, and for longer.
settings.register_profile(
    "steady", derandomize=True, deadline=None, suppress_health_check=list(HealthCheck)
)
settings.register_profile(
    "wander", settings.get_profile("steady"), derandomize=False, max_examples=2000
)
settings.load_profile("steady")


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
