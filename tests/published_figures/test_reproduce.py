"""``surveytool reproduce``: exit status, the table at 80 columns, json as it is promised."""

from __future__ import annotations

import csv
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import Any

import pytest

HEAD = "id,text,published,variable,level,by_sex,set\n"
MEN = "men,47% of men planned with social networks,47%,social_media,Yes,Male,news\n"
WOMEN = "women,35% of women,35%,social_media,Yes,Female,news\n"
RELEASE = "m,a,47%,sm_use,Yes,Male,r\nw,b,35%,sm_use,Yes,Female,r\nn,c,18%,sm_use,No,,r\n"
Run = Callable[..., Any]


@pytest.fixture
def claims(tmp_path: Path) -> Callable[[str], Path]:
    def write(rows: str) -> Path:
        path = tmp_path / "claims.csv"
        path.write_text(HEAD + rows, encoding="utf-8")
        return path

    return write


def test_json_is_the_envelope_with_claims(run: Run, example: Path, claims: Callable[[str], Path]) -> None:
    done = run("reproduce", example / "transit.sav", "--claims", claims(MEN), "-w", "weight", "--format", "json")
    assert done.status == 0
    made = done.json
    assert list(made) == ["schema", "surveytool", "source", "design", "tables", "rows", "claims", "findings"]
    (claim,) = made["claims"]
    assert list(claim) == [
        "id", "text", "published", "estimate", "ci_low", "ci_high", "n", "verdict", "rounding", "explanation",
    ]  # fmt: skip
    row = next(each for each in made["rows"] if each["by"] == {"sex": "Male"} and each["level"] == "Yes")
    assert all(claim[key] == row[key] for key in ("estimate", "ci_low", "ci_high", "n"))
    assert (claim["published"], claim["verdict"], claim["rounding"]) == (0.47, "reproduced", "half up")
    assert claim["explanation"] == "47.0% rounds to 47%."


@pytest.mark.parametrize(
    ("rows", "status"),
    [(MEN + WOMEN, 0), (MEN.replace("47%,", "46%,"), 0), (MEN.replace("47%,", "87%,"), 1),
     (MEN.replace("social_media", "social_medium"), 0), (RELEASE, 1)],
)  # fmt: skip
def test_exit_status(run: Run, example: Path, claims: Callable[[str], Path], rows: str, status: int) -> None:
    assert run("reproduce", example / "transit.sav", "--claims", claims(rows), "-w", "weight").status == status


def test_the_release_alone(run: Run, claims: Callable[[str], Path]) -> None:
    done = run("reproduce", "--claims", claims(RELEASE))
    assert done.status == 1
    assert "at least 53% are" in done.out and "47% + 35% + 18% = 100%" in done.out
    assert run("reproduce", "--claims", claims(MEN + WOMEN)).status == 0
    made = run("reproduce", "--claims", claims(RELEASE), "--format", "json").json
    assert {each["verdict"] for each in made["claims"]} == {"cannot"}
    assert made["rows"] == [] and made["findings"][0]["weight"] == "contradiction"


@pytest.mark.parametrize("language", ["en", "es", "fr"])
@pytest.mark.parametrize("width", ["40", "80", "120"])
def test_the_table_fits_its_width(
    run: Run, example: Path, claims: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch, width: str, language: str
) -> None:
    monkeypatch.setenv("COLUMNS", width)
    rows = MEN + WOMEN.replace("35%,", "41%,") + "typo,x,47%,social_medai,Yes,Male,\n" + RELEASE
    done = run("reproduce", example / "transit.sav", "--claims", claims(rows), "-w", "weight", "--lang", language)
    assert done.status == 1
    assert max(map(len, done.out.splitlines())) <= int(width)
    assert "claim_" not in done.out and "reading_" not in done.out and "{" not in done.out


def test_failures_only(run: Run, example: Path, claims: Callable[[str], Path]) -> None:
    rows = MEN + WOMEN.replace("35%,", "85%,")
    done = run("reproduce", example / "transit.sav", "--claims", claims(rows), "-w", "weight", "--failures")
    assert "35% of women" in done.out and "47% of men" not in done.out
    assert "1 reproduced, 1 not reproduced" in done.out
    fine = run("reproduce", example / "transit.sav", "--claims", claims(MEN), "-w", "weight", "--failures")
    assert "Every claim is reproduced." in fine.out


@pytest.mark.parametrize("format", ["markdown", "html", "csv"])
def test_other_formats(run: Run, example: Path, claims: Callable[[str], Path], tmp_path: Path, format: str) -> None:
    target = tmp_path / "out.txt"
    rows = MEN + 'w,"<b>=|x",85%,social_media,Yes,Female,\n'
    command = ("reproduce", example / "transit.sav", "--claims", claims(rows), "-w", "weight", "--format", format)
    assert run(*command, "-o", target).status == 1
    text = target.read_text(encoding="utf-8")
    assert "47.0" in text if format != "csv" else "0.47" in text
    assert "not reproduced" in text
    assert "<b>" not in text or format == "csv"


def test_csv_has_a_line_a_claim(run: Run, example: Path, claims: Callable[[str], Path]) -> None:
    done = run("reproduce", example / "transit.sav", "--claims", claims(MEN + WOMEN), "--format", "csv")
    lines = list(csv.DictReader(StringIO(done.out)))
    assert [each["id"] for each in lines] == ["men", "women"]
    assert float(lines[0]["estimate"]) == pytest.approx(0.47, abs=0.005)


def test_usage_errors(run: Run, example: Path, claims: Callable[[str], Path]) -> None:
    assert run("reproduce", example / "transit.sav").status == 2
    assert run("reproduce", "--claims", "none.csv").status == 3
    assert run("reproduce", example / "transit.sav", "--claims", claims("a,b,47\n")).status == 2
    assert run("reproduce", example / "transit.sav", "--claims", claims(MEN), "-w", "wieght").status == 2


def test_help_says_what_the_exit_status_means(run: Run) -> None:
    done = run("reproduce", "--help")
    assert "Exit status 1: a claim is not reproduced" in " ".join(done.out.split())
