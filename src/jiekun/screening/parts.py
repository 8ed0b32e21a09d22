"""Files of people and files of households, paired: one of each, or folders of parts."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from .file_checks import FileProblems


@dataclass(frozen=True, slots=True)
class Part:
    """Some people and the households they live in; `name` is the file's, without its ending."""

    name: str
    persons: Path
    households: Path


def paired(persons: Path, households: Path) -> list[Part]:
    """The parts in the order of their names: one for two files, one a pair for two folders.

    Raises FileProblems for a folder with a file, or a part without its other half.
    """
    if persons.is_dir() and households.is_dir():
        return _in_folders(persons, households)
    if persons.is_dir() or households.is_dir():
        raise FileProblems(
            [f"{persons} 和 {households}：只有一个是文件夹；要么都是文件，要么都是文件夹"]
        )
    return [Part(persons.stem, persons, households)]


def _in_folders(persons: Path, households: Path) -> list[Part]:
    mine, theirs = _files(persons), _files(households)
    problems = [f"{persons}：文件夹里没有 .parquet 文件"] * (not mine)
    for name in sorted(mine.keys() ^ theirs.keys()):
        here, other = (persons, households) if name in mine else (households, persons)
        problems.append(f"{here / name}：{other} 里没有同名的文件；两个文件夹要一份对一份")
    if problems:
        raise FileProblems(problems)
    return [Part(Path(name).stem, mine[name], theirs[name]) for name in sorted(mine)]


def _files(folder: Path) -> dict[str, Path]:
    # Names like _SUCCESS, .crc and _metadata are other programs' notes to themselves.
    return {
        path.name: path for path in folder.glob("*.parquet") if not path.name.startswith(("_", "."))
    }
