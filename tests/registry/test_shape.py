"""Every act of the registry is called the same way, whatever file it stands in."""

from __future__ import annotations

import inspect

from jiekun.registry import actions


def test_acts_take_keywords_who_acts_and_the_moment():
    acts = [getattr(actions, name) for name in actions.__all__]
    for act in filter(inspect.isfunction, acts):
        taken = inspect.signature(act).parameters
        assert {"by", "at"} <= taken.keys(), act.__name__
        assert {p.kind for p in taken.values()} == {inspect.Parameter.KEYWORD_ONLY}, act.__name__
