"""A few hundred broken files with fixed seeds; ``fuzz_files.py`` does thousands."""

from __future__ import annotations

import hashlib
import sys

import pytest
from hostile import fuzz_files, mutate, seeds

LINUX = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="limits need Linux")


@LINUX
def test_broken_files_end_in_a_result_or_one_line() -> None:
    found, peak = fuzz_files.batch(range(100_000, 100_240))
    assert len(found) == 240
    assert [each for each in found if each.wrong] == []
    assert {each.status for each in found} >= {0, 3}
    assert peak < (1 << 20)  # KB


@LINUX
@pytest.mark.parametrize("number", [149, 979, 1219, 3819, 3859])
def test_files_that_crash_their_library_do_not_crash_ours(number: int) -> None:
    """Found by fuzzing: compressed SPSS files that end ReadStat with a segmentation fault."""
    (found,), _ = fuzz_files.batch(range(number, number + 1))
    assert (found.status, found.wrong) == (3, "")


def test_seeds_and_mutations_never_change_within_a_version() -> None:
    made = {name: make() for name, make in seeds.SEEDS.items()}
    for name, content in made.items():
        assert content == seeds.SEEDS[name](), name
        assert len(content) < 20_000
    assert mutate.broken(12345) == mutate.broken(12345)
    different = {hashlib.sha256(mutate.broken(number)[1]).digest() for number in range(200)}
    assert len(different) > 190
