# ruff: noqa: E501
"""The 28 confusions of a social scientist in her first days: each gets its answer or the line to type, none a dead end."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Run = Callable[..., Any]
ROOT = Path(__file__).parents[2]
TRANSIT, STUDY = ROOT / "examples" / "iom_2023" / "transit.sav", ROOT / "configs" / "iom_2023.toml"
AGES = "age_band: 18-25=30%, 26-35=40%, 36-45=20%, 46 and over=10%"
# what was typed, the status, and what has to be said
TYPED: list[tuple[str, tuple[object, ...], int, tuple[str, ...]]] = [
    ("1 a file as a command", (TRANSIT,), 0, ("531", "surveytool summarize")),
    ("2 help as a command", ("help",), 0, ("summarize",)),
    ("2 help in Spanish", ("ayuda",), 0, ("summarize",)),
    ("4 a region", ("summarize", TRANSIT, "sex", "--lang", "es-HN"), 0, ("Porcentaje sin ponderar",)),
    ("5 a weight that is not there", ("summarize", TRANSIT, "sex", "-w", "peso"), 2, ("peso", "transit.sav")),
    ("5 a breakdown that is not there", ("summarize", TRANSIT, "age", "--by", "sexo"), 2, ("'sex'",)),
    ("6 a label where there is none", ("summarize", TRANSIT, "sex", "--where", "age == 'old'"), 2, ("age ==", "number")),
    ("7 a range in words", ("summarize", TRANSIT, "age", "--where", "age entre 18 y 30"), 2, ("age >= 18 and age <= 30",)),
    ("7 a range as in mathematics", ("summarize", TRANSIT, "age", "--where", "18 <= age <= 30"), 2, ("age >= 18 and age <= 30",)),
    ("8 two breakdowns", ("summarize", TRANSIT, "age", "--by", "sex,age_group"), 2, ("--by sex --by age_group", "sex:age_group")),
    ("9 by without dashes", ("summarize", TRANSIT, "sex", "by", "age_group"), 2, ("--by age_group",)),
    ("10 two statistics", ("summarize", TRANSIT, "age", "--stat", "mean", "--stat", "median"), 0, ("Mean", "Median")),
    ("11 a Spanish statistic", ("summarize", TRANSIT, "age", "--stat", "media"), 2, ("'mean'",)),
    ("11 a spread", ("summarize", TRANSIT, "age", "--stat", "sd", "--stat", "min"), 0, ("SD", "Minimum")),
    ("12 row percent", ("summarize", TRANSIT, "sex", "--by", "age_group", "--percent", "row"), 0, ("row percent",)),
    ("12 --row", ("summarize", TRANSIT, "sex", "--row"), 2, ("--percent row",)),
    ("17 bands of a study as margins", ("weight", STUDY, "--margin", AGES, "-o", "OUT/w.csv"), 0, ("calibrated",)),
    ("18 margins in percent", ("weight", TRANSIT, "--margin", "sex: Male=48%, Female=52%", "-o", "OUT/v.csv"), 0, ("sum",)),
    ("19 a study goes home to SPSS", ("convert", STUDY, "OUT/study.sav"), 0, ("531 respondents",)),
    ("20 a chart without a file", ("chart", TRANSIT, "sex"), 0, ("Sex",)),
    ("21 a slope of many groups", ("chart", TRANSIT, "sex", "--by", "age_group", "--kind", "slope", "-o", "OUT/s.png"), 0, ("two groups",)),
    ("22 a table as pdf", ("summarize", TRANSIT, "sex", "-o", "OUT/t.pdf"), 2, ("surveytool report", ".docx")),
    ("22 a table as xls", ("summarize", TRANSIT, "sex", "-o", "OUT/t.xls"), 2, (".xlsx",)),
    ("25 a draft of many questions", ("new", TRANSIT, "-o", "OUT/d.toml"), 0, ("questions", "tables")),
    ("26 which is less", ("compare", TRANSIT, "social_media", "--by", "sex", "-w", "weight", "--lang", "es"), 0, ("Male", "Female")),
    ("27 the template", ("new", "--template"), 0, ("[[tables]]", "[[claims]]")),
    ("28 what base means", ("explain", "base"), 0, ("denominator",)),
    ("28 what a scheme is", ("explain", "cepal-2023"), 0, ("CEPAL", "withhold")),
]  # fmt: skip


@pytest.mark.parametrize(("asked", "status", "words"), [one[1:] for one in TYPED], ids=[one[0] for one in TYPED])
def test_what_was_typed_gets_its_answer(
    run: Run, tmp_path: Path, asked: tuple[object, ...], status: int, words: tuple[str, ...]
) -> None:
    typed = [str(part).replace("OUT", str(tmp_path)) if isinstance(part, str) else part for part in asked]
    ran = run(*typed)
    assert ran.status == status, ran.err
    for word in words:
        assert word in ran.out + ran.err, ran.out + ran.err
    assert "Traceback" not in ran.err


def test_settings_are_called_alike_in_tables_and_claims(run: Run, tmp_path: Path) -> None:
    """13, 14: statistic in a claim, digits without a sign; 15, 16: labels make a column a category without a word about it."""
    study = tmp_path / "s.toml"
    data = tmp_path / "d.csv"
    data.write_text(
        "land,age\n" + "".join(f"{code},{20 + code}\n" for code in range(1, 24) for _ in range(20)), "utf-8"
    )
    labels = ", ".join(f'{code} = "Land {code}"' for code in range(1, 24))
    study.write_text(
        f'[data]\npath = "d.csv"\n[variables.land]\nlabel = "Land"\nlevels = {{{labels}}}\n'
        '[[claims]]\nid = "age"\nvariable = "age"\nstatistic = "mean"\nunit = "number"\npublished = "32.0"\n'
        '[[claims]]\nid = "share"\nvariable = "land"\nlevel = "Land 1"\npublished = "4.3%"\n', "utf-8",
    )  # fmt: skip
    ran = run("reproduce", study, "--format", "json")
    assert ran.status == 0, ran.err
    assert [claim["verdict"] for claim in ran.json["claims"]] == ["reproduced", "reproduced"]
    table = run("summarize", study, "land").out
    assert "Land 23" in table and "--kind" not in table
    study.write_text(study.read_text("utf-8").replace('"4.3%"', '"4.3"'), "utf-8")
    refused = run("reproduce", study)
    assert "4.3%" in refused.out + refused.err
