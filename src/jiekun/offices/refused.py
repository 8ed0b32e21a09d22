"""What is said when an act of the offices cannot be taken."""

from __future__ import annotations


class RefusedError(ValueError):
    """An act that cannot be taken; the message says why, in words for the screen."""
