"""A share of the files that are broken at their seams; ``fuzz_structure.py`` does thousands."""

from __future__ import annotations

import struct
import sys
from pathlib import Path

import pytest
from hostile import fuzz_structure, structure
from hostile.case import TABLE
from hostile.guard import run_guarded
from hostile.seeds import seed

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="limits need Linux")


@pytest.fixture
def box(tmp_path: Path) -> Path:
    folder = tmp_path / "box"
    folder.mkdir()
    (folder / "small.csv").write_text(TABLE, encoding="utf-8")
    return folder


@pytest.mark.parametrize("first", [2000, 2012, 2024])
def test_no_broken_file_gives_a_traceback_or_other_numbers_without_a_word(first: int, box: Path) -> None:
    found = [fuzz_structure.attempt(number, box) for number in range(first, first + 12)]
    assert [each for each in found if each.wrong] == []
    assert max(each.peak for each in found) < 1 << 30


@pytest.mark.parametrize("number", [70, 90, 170])
def test_ledgers_that_once_ended_in_an_internal_error(number: int, box: Path) -> None:
    """Found by fuzzing: values of a wrong kind inside of a ledger."""
    found = fuzz_structure.attempt(number, box)
    assert found.kind == "ledger" and not found.wrong and found.status == 2


@pytest.mark.parametrize("name", ["sav", "zsav"])
@pytest.mark.parametrize("stated", [1, 20, 39])
def test_rows_beyond_those_that_a_file_states_are_not_lost_in_silence(name: str, stated: int, box: Path) -> None:
    """Found by fuzzing: the library reads as many rows as the head says, and leaves the others."""
    path = box / f"file.{name}"
    path.write_bytes(seed(name))
    assert run_guarded(("codebook", path.name), box).status == 0
    path.write_bytes(seed(name)[:80] + struct.pack("<i", stated) + seed(name)[84:])
    ran = run_guarded(("codebook", path.name), box)
    assert ran.status == 3 and f"states {stated} respondents and holds 40" in ran.err


def test_the_search_sees_other_numbers() -> None:
    """The comparison is a real one: fewer rows without a note are a find, with a note they are none."""
    whole = ({"rows": 40, ("sex", "Male"): (20, 40, 0.5)}, frozenset({"a note"}))
    fewer = ({"rows": 39, ("sex", "Male"): (20, 39, 0.51)}, frozenset({"a note"}))
    assert fuzz_structure.silent(fewer, whole) and not fuzz_structure.silent(whole, whole)
    assert not fuzz_structure.silent((fewer[0], frozenset({"a note", "1 row was left out"})), whole)


def test_cases_never_change_and_reach_every_format() -> None:
    made = [structure.broken(number) for number in range(400)]
    assert {each[0] for each in made} == set(structure.CASES)
    assert made == [structure.broken(number) for number in range(400)]
    assert sum(each[3] for each in made) > 40
