"""Which tables keep something sealed under the key ring: all of them when keys are changed."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from django.db import models

Model = TypeVar("Model", bound=type[models.Model])

# How many rows are sealed anew at once. Each has `sealed`, and `bound`: what its seal is bound to.
SEALED: dict[type[models.Model], int] = {}


def keeps_seals(at_once: int = 2_000) -> Callable[[Model], Model]:
    """Put a table on the list; rooms above this one have such tables too."""

    def put(model: Model) -> Model:
        SEALED[model] = at_once
        return model

    return put
