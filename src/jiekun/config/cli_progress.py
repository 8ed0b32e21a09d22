"""The bar that moves while people are worked on."""

from __future__ import annotations

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn


def people_bar() -> Progress:
    """A bar on stderr that counts people."""
    return Progress(
        TextColumn("{task.description} {task.completed:,.0f} 人"),
        BarColumn(),
        TaskProgressColumn(),
        TimeElapsedColumn(),
        console=Console(stderr=True, highlight=False),
    )
