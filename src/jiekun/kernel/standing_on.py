"""What stands on what: the measures a number carries, and the readings an answer rests on."""

from dataclasses import dataclass

from jiekun.kernel.documents import Reading
from jiekun.kernel.law import Law
from jiekun.kernel.program import MeasureUse, Program


@dataclass(frozen=True, slots=True)
class ReadingUse:
    """An ambiguous clause an answer rests on, and which way it was read."""

    reading: Reading
    option: str

    @property
    def words(self) -> str:
        """The option in plain words."""
        return self.reading.options[self.option]

    @property
    def default(self) -> bool:
        """Whether nobody chose otherwise."""
        return self.option == self.reading.default


def below(program: Program, use: MeasureUse) -> list[str]:
    """Every rule, fact and number a measure is worked out from, the nearest first."""
    found: dict[str, None] = {}
    waiting = [name for name in (use.measure.eligible, use.measure.amount) if name]
    while waiting:
        name = waiting.pop(0)
        if name not in found:
            found[name] = None
            if name in program.steps:
                waiting += program.steps[name].inputs
    return list(found)


def measures_on(program: Program) -> dict[str, list[MeasureUse]]:
    """For each number, the measures that stand on it."""
    found: dict[str, list[MeasureUse]] = {}
    for use in program.measures:
        for name in below(program, use):
            if name in program.parameters:
                found.setdefault(name, []).append(use)
    return found


def readings_used(law: Law, program: Program, use: MeasureUse | None = None) -> list[ReadingUse]:
    """The readings a measure rests on, or any measure there; each once."""
    uses = program.measures if use is None else [use]
    names = dict.fromkeys(name for each in uses for name in below(program, each))
    marks = (program.steps[name].rule.reading for name in names if name in program.steps)
    found = dict.fromkeys(mark for mark in marks if mark)
    return [
        ReadingUse(law.readings[topic], option)
        for topic, _, option in (mark.partition(":") for mark in found)
    ]
