"""What programs read: json schema 1, csv and frames with the same columns."""

import csv
import io
import json
import math
import subprocess
import sys
from dataclasses import replace
from types import ModuleType
from typing import Any

import pytest

from surveytool.notes import note
from surveytool.render import render
from surveytool.render.csv import inert
from surveytool.render.html import fragment
from surveytool.render.notebook import to_pandas
from surveytool.table import report
from surveytool.text import words

EN = words("en")
KEYS = [
    "table", "variable", "level", "level_code", "by", "estimate", "se", "ci_low", "ci_high", "df", "deff", "cv",
    "count", "n", "n_weighted", "flag",
]  # fmt: skip


def as_json(results: Any) -> Any:
    def never(text: str) -> None:
        raise AssertionError(text)

    return json.loads(render(report(results, EN), "json", EN), parse_constant=never)


def as_csv(results: Any) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(render(report(results, EN), "csv", EN).decode())))


def test_json_is_schema_1(samples: ModuleType) -> None:
    results = samples.shapes()["multiple"]
    found = as_json(results)
    assert list(found) == ["schema", "surveytool", "source", "design", "tables", "rows"]
    assert found["schema"] == 1 and found["source"]["rows"] == 531
    assert found["design"] == {
        "weights": "weight", "strata": "country", "psu": ["site"], "fpc": [], "replicates": None,
        "lonely_psu": "fail",
    }  # fmt: skip
    (table,) = found["tables"]
    assert list(table) == [
        "id", "variable", "label", "statistic", "by", "where", "base", "ci_method", "level", "notes",
    ]  # fmt: skip
    assert table["by"] == [["sex"], ["age_group"]] and table["level"] == 0.95
    assert len(table["notes"]) == 3, "the run's notes ride along"
    assert all(list(row) == [*KEYS, "statistic", "by_code"] for row in found["rows"])
    assert all(row["statistic"] == "proportion" and row["by_code"].keys() == row["by"].keys() for row in found["rows"])
    assert len(found["rows"]) == len(results.estimates[0].rows)
    first, row = results.estimates[0].rows[0], found["rows"][0]
    assert row["by"] == {} and row["estimate"] == first.estimate and row["se"] == first.se
    assert row["df"] == 530 and isinstance(row["df"], int)


def test_numbers_have_no_level_and_keep_fractional_df(samples: ModuleType) -> None:
    row = as_json(samples.shapes()["mean"])["rows"][0]
    assert row["level"] is None and row["level_code"] is None and row["df"] == 50.5


def test_undefined_and_suppressed_numbers_are_null(samples: ModuleType) -> None:
    rows = [
        samples.share("q", "a", {}, 0.2, 50, deff=math.nan, cv=math.inf, ci_low=-0.0),
        samples.share("q", "b", {}, 0.8, 50, flag="suppressed"),
    ]
    results = samples.results(samples.shares("q", "Q", ("a", "b"), rows=rows))
    first, second = as_json(results)["rows"]
    assert first["deff"] is None and first["cv"] is None and math.copysign(1, first["ci_low"]) == 1
    assert second["flag"] == "suppressed" and second["level"] == "b"
    assert all(second[key] is None for key in KEYS[5:15])
    assert as_csv(results)[1]["n"] == "" and "nan" not in render(report(results, EN), "csv", EN).decode()


def test_csv_carries_what_json_carries(samples: ModuleType) -> None:
    for results in samples.shapes().values():
        rows, lines = as_json(results)["rows"], as_csv(results)
        assert len(rows) == len(lines)
        for row, line in zip(rows, lines, strict=True):
            for key in set(KEYS) - {"by"}:
                assert line[key] == ("" if row[key] is None else str(row[key]))
            named = {name[3:]: text for name, text in line.items() if name.startswith("by_") and text}
            assert named == row["by"]


def test_csv_breakdowns_stand_where_by_stood(samples: ModuleType) -> None:
    head = list(as_csv(samples.shapes()["multiple"])[0])
    assert head == [*KEYS[:4], "by_sex", "by_age_group", *KEYS[5:]]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("=1+1", "'=1+1"), ("+x", "'+x"), ("-x", "'-x"), ("@x", "'@x"), ("\t=x", "'=x"), ("\rx", "'x"),
        ("-98", "-98"), ("+34", "+34"), ("18-25", "18-25"), ("\x1b[1m=x", "'=x"),
    ],
)  # fmt: skip
def test_formulas_are_inert(text: str, shown: str) -> None:
    assert inert(text) == shown


def test_odd_characters_survive_json(samples: ModuleType) -> None:
    odd = "a\x1b[0m\x9b\u2028\u202e\udc80é"
    results = samples.results(samples.shares("q", odd, (odd, "b")))
    raw = render(report(results, EN), "json", EN)
    assert json.loads(raw)["tables"][0]["label"] == odd
    assert not {"\x1b", "\x9b", "\u2028", "\u202e"} & set(raw.decode())


def test_frames_have_the_columns_of_csv(samples: ModuleType) -> None:
    results = samples.shapes()["multiple"]
    frame = to_pandas(results)
    assert list(frame.columns) == list(as_csv(results)[0]) and len(frame) == len(results.estimates[0].rows)
    assert str(frame["n"].dtype) == "Int64" and str(frame["estimate"].dtype) == "float64"
    mixed = replace(results, estimates=(*results.estimates, samples.means()))
    assert to_pandas(mixed)["estimate"].iloc[-1] == 31.4
    assert len(to_pandas(samples.results())) == 0


def test_a_notebook_gets_a_fragment(samples: ModuleType) -> None:
    text = fragment(report(samples.shapes()["several"], EN), EN)
    assert "<table>" in text and "<html" not in text and EN.say(note("no_weights")) in text


def test_csv_and_json_are_made_without_rich_and_pandas() -> None:
    code = (
        "import sys; from surveytool.estimate.result import Results; from surveytool.survey import *;"
        "from surveytool.table import report; from surveytool.render import render; from surveytool.text import words;"
        "r = Results(estimates=(), source=Provenance(), design=Design()); w = words('en');"
        "[render(report(r, w), f, w) for f in ('csv', 'json', 'html', 'markdown')];"
        "sys.exit(bool({'rich', 'pandas', 'numpy'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
