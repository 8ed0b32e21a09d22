"""Who may stand in the registry twice: people without a number held against everybody.

Splink works out how probable each pair is, in DuckDB, from the numbers in
`registry/likeness.json`; `learn` makes those numbers. The levels are the registry's own
(`likeness.compare`), said in SQL.
"""

from __future__ import annotations

import logging
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

import duckdb
import pyarrow as pa

from jiekun.registry.likeness import LEVELS, Levels, model

# Of each person: what `likeness.Identity` holds, and whether a number proves who they are.
COLUMNS = pa.schema(
    [
        ("unique_id", pa.int64()),
        ("name", pa.string()),
        ("pinyin", pa.string()),
        ("former", pa.list_(pa.string())),
        ("sex", pa.string()),
        ("birth_date", pa.date32()),
        ("number", pa.string()),
        ("household", pa.int64()),
        ("community", pa.string()),
        ("address", pa.string()),
        ("phone", pa.string()),
        ("proven", pa.bool_()),
    ]
)
# With everybody of a district held as Arrow beside it, the process stays under a gigabyte.
MEMORY = "450MB"
_SQL: dict[str, dict[str, str]] = {
    "name": {
        "same": "name_l = name_r OR list_contains(former_l, name_r)"
        " OR list_contains(former_r, name_l)",
        "sound": "pinyin_l = pinyin_r AND pinyin_l <> '' AND length(name_l) = length(name_r)",
        "letter": "one_off(name_l, name_r)",
    },
    "birth": {
        "same": "born_l = born_r",
        "swapped": "left(born_l, 4) = left(born_r, 4)"
        " AND substr(born_l, 5, 2) = right(born_r, 2) AND right(born_l, 2) = substr(born_r, 5, 2)",
        "digit": "hamming(born_l, born_r) = 1",
        "year": "left(born_l, 4) = left(born_r, 4)",
    },
    "sex": {"same": "sex_l = sex_r"},
    "number": {"same": "number_l = number_r"},
    "home": {
        "household": "household_l = household_r",
        "door": "(phone_l <> '' AND phone_l = phone_r) OR (community_l = community_r"
        " AND community_l <> '' AND address_l = address_r AND address_l <> '')",
        "community": "community_l = community_r AND community_l <> ''",
        "street": "left(community_l, 9) = left(community_r, 9) AND community_l <> ''",
    },
}
_UNKNOWN = {
    "name": "name_l IS NULL OR name_r IS NULL",
    "birth": "born_l IS NULL OR born_r IS NULL",
    "sex": "sex_l IS NULL OR sex_r IS NULL",
    "number": "number_l = '' OR number_r = ''",
    "home": "(community_l = '' OR community_r = '') AND NOT (phone_l <> '' AND phone_l = phone_r)",
}
_OPEN = "(NOT l.proven OR NOT r.proven) AND "
# Pairs worth comparing: whoever has a number is held only against those who have none.
BLOCKING = (
    "l.born_key = r.born_key",
    "l.number = r.number AND l.number <> ''",
    "l.pinyin = r.pinyin AND l.year = r.year",
    "l.pinyin = r.pinyin AND l.street = r.street",
    "l.door = r.door AND l.sex = r.sex",
)
# Of names that differ in one letter: either with a mark where the letter stands, or is missing.
_MACROS = """
CREATE MACRO marked(a) AS list_concat(
    list_transform(range(1, length(a) + 1), lambda i: left(a, i - 1) || '?' || substr(a, i + 1)),
    list_transform(range(0, length(a) + 1), lambda i: left(a, i) || '?' || substr(a, i + 1))
);
CREATE MACRO one_off(a, b) AS a <> b AND list_has_any(marked(a), marked(b));
"""
_PREPARE = """
CREATE TABLE prepared AS
SELECT * EXCLUDE (birth_date), strftime(birth_date, '%Y%m%d') AS born,
    strftime(birth_date, '%Y') AS year,
    -- One key for a day and the day with its month and day changed about.
    year(birth_date) * 10000 + least(month(birth_date), day(birth_date)) * 100
        + greatest(month(birth_date), day(birth_date)) AS born_key,
    left(community, 9) AS street,
    left(pinyin, 1) AS initial,
    CASE WHEN address <> '' THEN community || address ELSE CAST(unique_id AS VARCHAR) END AS door
FROM people
"""


class Pair(NamedTuple):
    """Two people, the lower number first, who are probably enough one."""

    one: int
    other: int
    levels: Levels
    probability: float


def find(people: pa.Table, *, threshold: float, threads: int = 2) -> list[Pair]:
    """The pairs at least so probable; `people` as COLUMNS. Memory is bounded, the disk helps."""
    shipped = model()
    prior = shipped.rate * 2 / max(people.num_rows, 2)
    with _linker(people, shipped.levels, prior, threads) as linker:
        found = linker.inference.predict(threshold_match_probability=threshold)
        rows = found.as_pyarrow_table().to_pylist()
    return sorted(_pair(row) for row in rows)


def _pair(row: Mapping[str, Any]) -> Pair:
    levels = {}
    for field, words in LEVELS.items():
        gamma = int(row[f"gamma_{field}"])
        if gamma >= 0:
            levels[field] = list(words)[len(words) - 1 - gamma]
    one, other = sorted((int(row["unique_id_l"]), int(row["unique_id_r"])))
    return Pair(one, other, levels, float(row["match_probability"]))


def learn(people: pa.Table, *, seed: int) -> tuple[dict[str, dict[str, list[float]]], float]:
    """What each level is worth, and pairs a person: from the people alone, nobody says who is who.

    How often levels agree by chance is counted on random pairs; how often they do of one person
    is what expectation-maximisation settles on, over blocks that share a birthday or a name.
    """
    even = {f: dict.fromkeys(of, (0.5, 0.5)) for f, of in LEVELS.items()}
    with _linker(people, even, 1e-6, 2, learning=True) as linker:
        sure = [_OPEN + "l.pinyin = r.pinyin AND l.born_key = r.born_key AND l.sex = r.sex"]
        training = linker.training
        training.estimate_probability_two_random_records_match(sure, recall=0.6)
        training.estimate_u_using_random_sampling(max_pairs=3e6, seed=seed)
        # What a block agrees on tells nothing inside it: Splink leaves columns named here out.
        for rule in (
            "l.born = r.born AND l.initial = r.initial",
            "l.pinyin = r.pinyin AND l.sex = r.sex",
        ):
            training.estimate_parameters_using_expectation_maximisation(
                _OPEN + rule, record_sample_proportion=1.0
            )
        kept = linker.misc.save_model_to_json()
    rate = kept["probability_two_random_records_match"] * people.num_rows / 2
    return dict(_learned(kept["comparisons"])), rate


def _learned(comparisons: list[dict[str, Any]]) -> Iterator[tuple[str, dict[str, list[float]]]]:
    for one in comparisons:
        told = [level for level in one["comparison_levels"] if not level.get("is_null_level")]
        yield (
            one["output_column_name"],
            {
                level["label_for_charts"]: [
                    # A level never seen is rare, not impossible.
                    round(max(float(level.get(key) or 0), least), 7)
                    for key, least in (("m_probability", 5e-4), ("u_probability", 1e-6))
                ]
                for level in told
            },
        )


@contextmanager
def _linker(
    people: pa.Table,
    levels: Mapping[str, Mapping[str, Any]],
    prior: float,
    threads: int,
    *,
    learning: bool = False,
) -> Iterator[Any]:
    """A linker over people, on a database of its own that is gone afterwards."""
    with TemporaryDirectory(prefix="jiekun-link-") as folder:
        database = duckdb.connect(str(Path(folder) / "people.duckdb"))
        try:
            database.execute(f"SET memory_limit = '{MEMORY}'; SET threads = {threads}")
            database.execute(f"SET temp_directory = '{folder}'")
            database.execute("SET preserve_insertion_order = false")
            database.execute(_MACROS)
            database.register("people", people)
            database.execute(_PREPARE)
            database.unregister("people")
            yield _splink(database, levels, prior, learning)
        finally:
            database.close()


def _splink(
    database: Any, levels: Mapping[str, Mapping[str, Any]], prior: float, learning: bool
) -> Any:
    with warnings.catch_warnings():
        # What Splink's own imports warn of is no concern of whoever runs a linkage.
        warnings.simplefilter("ignore")
        from splink import DuckDBAPI, Linker
    logging.getLogger("splink").setLevel(logging.WARNING)
    api = DuckDBAPI(connection=database)
    settings = {
        "link_type": "dedupe_only",
        "unique_id_column_name": "unique_id",
        "probability_two_random_records_match": prior,
        "blocking_rules_to_generate_predictions": [_OPEN + rule for rule in BLOCKING],
        "comparisons": [_comparison(field, levels[field], learning) for field in LEVELS],
        "retain_matching_columns": True,
        "retain_intermediate_calculation_columns": True,
        "max_iterations": 40,
    }
    return Linker(api.register("prepared"), settings, log_level=logging.WARNING)


def _comparison(field: str, weights: Mapping[str, Any], learning: bool) -> dict[str, Any]:
    levels: list[dict[str, Any]] = [
        {"sql_condition": _UNKNOWN[field], "label_for_charts": "unknown", "is_null_level": True}
    ]
    for level in LEVELS[field]:
        one = {"sql_condition": _SQL[field].get(level, "ELSE"), "label_for_charts": level}
        if not learning:
            one["m_probability"], one["u_probability"] = weights[level]
        levels.append(one)
    return {"output_column_name": field, "comparison_levels": levels}
