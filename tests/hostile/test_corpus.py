"""The corpus: every broken file and impossible command ends in its status and one clear line, within limits."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from hostile import files, outputs, requests, sidecars, studies, texts, values
from hostile.case import Case
from hostile.guard import Ended, run_guarded

CORPUS = [case for room in (files, texts, values, sidecars, requests, outputs, studies) for case in room.CASES]
MOST_MEMORY = 1 << 30

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="limits need Linux")


def test_the_corpus_is_large_and_each_case_has_its_own_name() -> None:
    assert len(CORPUS) >= 300
    assert len({case.name for case in CORPUS}) == len(CORPUS)


@pytest.mark.parametrize("case", CORPUS, ids=lambda case: case.name[:60])
def test_case(tmp_path: Path, case: Case) -> None:
    folder = tmp_path / "box"
    folder.mkdir()
    ran = run_guarded(case.write(folder), folder, environment=case.environment)
    assert ran.status == case.status, ran
    assert ran.peak < MOST_MEMORY
    told(ran, case)
    left = sorted(str(path.relative_to(folder)) for path in folder.rglob("*"))
    assert left == sorted({case.file, *case.makes}), "half-written, or more than was asked for"
    assert [each.name for each in tmp_path.iterdir()] == ["box"], "something outside of the folder"


def told(ran: Ended, case: Case) -> None:
    """Success says nothing on stderr beside notes; failure says its line or lines and nothing on stdout."""
    assert "Traceback" not in ran.err
    assert "internal error" not in ran.err
    for control in "\x1b\x07\x08\x00\u202e":
        assert control not in ran.err
    if case.status == 0:
        assert ran.lines == [], ran.err
    else:
        assert 1 <= len(ran.lines) <= case.lines, ran.err
        assert all(line.startswith("surveytool: ") for line in ran.lines), ran.err
        assert ran.out == ""
    for text in case.says:
        assert text in ran.out + ran.err, (text, ran.err)
