"""What was published before: written down once, read back as it was, one writer at a time, refused in one line."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path
from types import ModuleType
from typing import Any

import pyarrow as pa
import pytest

from surveytool.disclosure_control import Protection, guard
from surveytool.disclosure_control import publication_ledger as module
from surveytool.disclosure_control.publication_ledger import Ledger
from surveytool.errors import UsageError
from surveytool.estimate.result import Estimates
from surveytool.reading import read
from surveytool.survey import Provenance, Request, Standard
from surveytool.tabulation import tabulate

DATA = Provenance(path="a.csv", sha256="aa", rows=9)
OTHER = Provenance(path="a.csv", sha256="bb", rows=9)


def table(samples: ModuleType, **changes: Any) -> Estimates:
    """A question by sex, of which one row is withheld."""
    rows = [samples.share("q", level, by, 0.4, 50) for by in ({}, {"sex": "Male"}) for level in ("Yes", "No")]
    rows[3] = replace(rows[3], flag="suppressed", estimate=None)
    made: Estimates = samples.shares("q", "Q", ("Yes", "No"), (samples.SEX,), rows=rows)
    return replace(made, request=replace(made.request, **changes))


def test_what_was_shown_is_read_back_and_what_was_not_is_not_there(samples: ModuleType, tmp_path: Path) -> None:
    ledger = Ledger(str(tmp_path / "l.json"))
    standard = Standard(variable="age", shares=(("u", 0.5), ("v", 1.5)))
    made = table(samples, where="town == 'x'", standard=standard, statistic="ratio:income")
    ledger.add(DATA, [made])
    (earlier,) = ledger.earlier(DATA)
    assert earlier.request == replace(made.request, id=None)
    assert earlier.shown == {((), (), "Yes"), ((), (), "No"), (("sex",), ("Male",), "Yes")}
    assert ledger.earlier(OTHER) == [] and Ledger(str(tmp_path / "none.json")).earlier(DATA) == []
    assert ledger.columns() == ["q", "sex", "town", "age", "income"]


def test_data_without_a_hash_are_known_by_path_and_rows(samples: ModuleType, tmp_path: Path) -> None:
    ledger = Ledger(str(tmp_path / "l.json"))
    live = Provenance(path="db::t", rows=9)
    ledger.add(live, [table(samples)])
    assert len(ledger.earlier(live)) == 1 and ledger.earlier(replace(live, rows=10)) == []


def test_a_table_is_written_once_and_new_rows_join_it(samples: ModuleType, tmp_path: Path) -> None:
    ledger = Ledger(str(tmp_path / "l.json"))
    first = table(samples)
    ledger.add(DATA, [first])
    whole = replace(first, rows=tuple(replace(row, flag=None, estimate=0.4) for row in first.rows))
    ledger.add(DATA, [whole, first, table(samples, where="sex == 'Male'")])
    same, apart = ledger.earlier(DATA)
    assert len(same.shown) == 4 and len(apart.shown) == 3
    held = json.loads((tmp_path / "l.json").read_text(encoding="utf-8"))
    (tables,) = held["data"].values()
    assert held["ledger"] == 1 and [len(each["rows"]) for each in tables] == [4, 3]
    assert set(tables[0]["rows"][0]) == {"by", "level", "estimate", "ci_low", "ci_high", "count", "n"}


@pytest.mark.parametrize("text", [
    "", "{}", "[]", '{"ledger": 2, "data": {}}', '{"ledger": 1}', '{"ledger": 1, "data": {"a": [{"rows": []}]}}',
    '{"ledger": 1, "data": {"a": [{"request": {"variable": "q", "by": [], "standard": null}, "rows": [{}]}]}}',
])  # fmt: skip
def test_what_is_no_ledger_is_refused(text: str, tmp_path: Path) -> None:
    (tmp_path / "l.json").write_text(text, encoding="utf-8")
    with pytest.raises(UsageError) as refused:
        Ledger(str(tmp_path / "l.json")).earlier(DATA)
    assert str(refused.value).startswith("--ledger l.json: is no ledger of published figures that this version reads.")
    assert refused.value.cure == "Name the file of an earlier run, or one that does not exist yet."


def test_writers_take_turns(samples: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PATIENCE", 0.1)
    ledger, lock = Ledger(str(tmp_path / "l.json")), tmp_path / ".surveytool.l.json.lock"
    lock.touch()
    with pytest.raises(UsageError) as refused:
        ledger.add(DATA, [table(samples)])
    assert str(refused.value).startswith("--ledger l.json: is being written by another run.")
    assert refused.value.cure == "Wait for it, or remove .surveytool.l.json.lock."
    assert lock.exists() and not (tmp_path / "l.json").exists()
    old = time.time() - module.STALE - 1
    os.utime(lock, (old, old))  # a run that was killed left it
    ledger.add(DATA, [table(samples)])
    assert [each.name for each in tmp_path.iterdir()] == ["l.json"]


def test_a_folder_that_is_not_there(samples: ModuleType, tmp_path: Path) -> None:
    with pytest.raises(UsageError) as refused:
        Ledger(str(tmp_path / "none" / "l.json")).add(DATA, [table(samples)])
    assert "cannot be written; nothing was published." in str(refused.value)
    assert refused.value.cure == "Name a file in a folder of yours."


def test_a_file_that_cannot_be_replaced_stays(samples: ModuleType, tmp_path: Path) -> None:
    (tmp_path / "l.json").mkdir()
    with pytest.raises(UsageError):
        Ledger(str(tmp_path / "l.json")).add(DATA, [table(samples)])
    assert sorted(each.name for each in tmp_path.iterdir()) == ["l.json"]


def test_requests_of_old_and_new_are_equal() -> None:
    asked = Request(variable="q", by=(("a", "b"), ("c",)), level=0.9)
    from dataclasses import asdict

    assert module._request(json.loads(json.dumps(asdict(asked)))) == asked


def test_the_message_names_the_earlier_table_that_would_open_something_and_no_other(tmp_path: Path) -> None:
    """Of all answers, and of those outside of C: only the first table would tell that three said yes there."""
    answers, groups = [*["Yes", "No"] * 30, *["Yes"] * 3, *["No"] * 20], ["A"] * 60 + ["C"] * 23
    frame = pa.table({"q": answers, "g": groups, "other": ["x", "y"] * 41 + ["x"]})
    rules = Protection(active=True, dominance=1.0, ledger=str(tmp_path / "l.json"))
    told = []
    for asked in (Request(variable="other"), Request(variable="q"), Request(variable="q", where="g != 'C'")):
        survey = replace(read(frame), provenance=DATA)
        made = tabulate(guard(survey, rules), [asked])
        told.append({each.code: dict(each.values) for each in made.notes})
    assert "protected_opened" not in told[1] and "protected_unopened" in told[1]
    assert told[2]["protected_opened"]["tables"] == ("q",)


def test_processes_that_write_one_ledger_at_once_lose_nothing(samples: ModuleType, tmp_path: Path) -> None:
    """Eight runs at once, each with a table of its own: all eight stand in the file, and no lock is left."""
    code = (
        "import sys, json; from surveytool.disclosure_control.publication_ledger import Ledger;"
        "from surveytool.survey import Provenance, Request; from types import SimpleNamespace as Of;"
        "Ledger(sys.argv[1]).add(Provenance(path='a', sha256='aa', rows=9),"
        " [Of(request=Request(variable='v' + sys.argv[2]), rows=())])"
    )
    path = tmp_path / "l.json"
    runs = [subprocess.Popen([sys.executable, "-c", code, str(path), str(place)]) for place in range(8)]
    assert [each.wait(timeout=300) for each in runs] == [0] * 8
    tables = json.loads(path.read_text(encoding="utf-8"))["data"]["aa"]
    assert sorted(table["request"]["variable"] for table in tables) == [f"v{place}" for place in range(8)]
    assert [each.name for each in tmp_path.iterdir()] == ["l.json"]
