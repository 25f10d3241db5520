"""A published table of 1,820 cells as the claims of a study, and 30 falsified cells caught among them."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

import surveytool as st
from surveytool.published_figures.published_rounding import rounded

HEAD = '[study]\nclaims_file = "claims.csv"\n[data]\npath = "{path}"\n[design]\nweights = "weight"\n'


SOME = ("q0001", "q0004", "q0005", "q0007", "q0010", "q0014", "q0020")  # of everybody, and of those at work


@pytest.fixture
def study(shared: Path, masculinity: ModuleType, tmp_path: Path) -> Path:
    folder = shared / "data" / "masculinity_538"
    book = st.read(folder / "raw-responses.csv").codebook
    (tmp_path / "claims.csv").write_text(masculinity.published_csv(folder, book), encoding="utf-8")
    path = tmp_path / "study.toml"
    path.write_text(HEAD.format(path=folder / "raw-responses.csv"), encoding="utf-8")
    return path


def test_every_published_cell_is_reproduced(run: Any, study: Path) -> None:
    done = run("reproduce", study, "--format", "json")
    assert done.status == 0, done.err
    verdicts = [each["verdict"] for each in done.json["claims"]]
    assert (len(verdicts), set(verdicts)) == (1820, {"reproduced"})
    assert done.json["findings"] == []


def test_thirty_falsified_cells_are_caught(run: Any, study: Path) -> None:
    file = study.with_name("claims.csv")
    with file.open(encoding="utf-8", newline="") as opened:
        rows = [row for row in csv.DictReader(opened) if row["variable"].startswith(SOME)]
    false = dict(_false(rows, study))
    assert len(false) == 30
    with file.open("w", encoding="utf-8", newline="") as opened:
        writer = csv.DictWriter(opened, list(rows[0]))
        writer.writeheader()
        writer.writerows(row | {"published": false.get(row["id"], ("", row["published"]))[1]} for row in rows)
    done = run("reproduce", study, "--format", "json")
    assert done.status == 1
    caught = {each["id"]: each for each in done.json["claims"] if each["verdict"] != "reproduced"}
    assert set(caught) == set(false)
    for name, (reason, _) in false.items():
        assert reason in caught[name]["explanation"], (name, caught[name])


def _false(rows: list[dict[str, str]], study: Path) -> Iterator[tuple[str, tuple[str, str]]]:
    """Ids with the reason that must be told and the false figure: unweighted, of another base, far off."""
    opened = st.open_study(st.load_study(study))
    plain = _table(st.summarize(opened, _names(rows), by=_groups(rows), design=st.Design()))
    everybody = _table(st.summarize(opened, _names(rows), by=_groups(rows), base="all"))
    counts = {"unweighted": 10, "of all respondents, blanks counted in": 10, "": 10}
    for number, row in enumerate(rows):
        reason = list(counts)[number % 3]
        found = {"unweighted": plain, "": {}}.get(reason, everybody).get(
            _key(row), float(row["published"][:-1]) / 100 + 0.17
        )
        figure = f"{rounded(found, 'percent', 0, 'half up')}%"
        different = abs(int(figure[:-1]) - int(row["published"][:-1])) > 2 and int(figure[:-1]) <= 100
        if counts[reason] and different and row["variable"] != "age3":
            counts[reason] -= 1
            yield row["id"], (reason, figure)


def _names(rows: list[dict[str, str]]) -> list[str]:
    return list(dict.fromkeys(row["variable"] for row in rows))


def _groups(rows: list[dict[str, str]]) -> list[str]:
    return [name[3:] for name in rows[0] if name.startswith("by_")]


def _key(row: dict[str, str]) -> tuple[str, ...]:
    return row["variable"], row["level"], *(text for name, text in row.items() if name.startswith("by_") and text)


def _table(made: Any) -> dict[tuple[str, ...], float]:
    return {(row.variable, row.level, *row.by.values()): row.estimate for row in made.rows if row.estimate is not None}
