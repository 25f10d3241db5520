"""Which rows count: blanks are '', states by any platform's words, repeated interviews, and the variance of units."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from surveytool.errors import SurveytoolError
from surveytool.study import load_study, open_study
from surveytool.survey import Request, Survey
from surveytool.tabulation import tabulate


def opened(folder: Path, data: str, rules: str, design: str = "") -> Survey:
    (folder / "data.csv").write_text(data, encoding="utf-8")
    (folder / "study.toml").write_text(f'[data]\npath = "data.csv"\n{rules}\n[design]\n{design}\n', encoding="utf-8")
    return open_study(load_study(folder / "study.toml"))


REFUSAL = """consent,_validation_status,phone,weight,_uuid
no,validation_status_approved,,,a
yes,,yes,1.0,b
yes,validation_status_not_approved,yes,1.5,c
yes,validation_status_approved,no,2.0,d
yes,,no,2.5,d
yes,,yes,0.5,
yes,,no,0.5,
"""
KEEP = "keep = \"consent == 'yes' and _validation_status != 'not_approved'\""


def lines(survey: Survey) -> list[tuple[str, str, int]]:
    return [(line.what, line.rule, line.rows) for line in survey.provenance.ledger]


def test_refusals_without_a_weight_do_not_stop_the_study(tmp_path: Path) -> None:
    survey = opened(tmp_path, REFUSAL, KEEP, 'weights = "weight"')
    assert lines(survey) == [
        ("dropped", "not consent == 'yes'", 1), ("dropped", "not _validation_status != 'not_approved'", 1),
        ("kept", "consent == 'yes' and _validation_status != 'not_approved'", 5),
    ]  # fmt: skip
    (table,) = tabulate(survey, [Request(variable="phone")]).estimates
    shares = {row.level_code: row.estimate for row in table.rows}
    assert shares == pytest.approx({"no": 5.0 / 6.5, "yes": 1.5 / 6.5}) and survey.provenance.rows == 5


@pytest.mark.parametrize(("keep", "rows"), [
    ("_validation_status != 'not_approved'", 6), ("_validation_status == 'Approved'", 2),
    ("_validation_status is missing", 4), ("not (_validation_status in ('approved', 'not_approved'))", 4),
    ("weight >= 1 and weight < 2.5", 3), ("weight != 1", 6), ("not weight > 1", 4),
    ("phone == 'yes' or phone == ''", 4),
    ("consent == 'yes' and (phone == 'no' or weight == 0.5)", 4), ("_VALIDATION_STATUS is missing", 4),
])  # fmt: skip
def test_a_blank_is_a_text_without_letters_and_never_unknown(keep: str, rows: int, tmp_path: Path) -> None:
    assert opened(tmp_path, REFUSAL, f'keep = "{keep}"').provenance.rows == rows


@pytest.mark.parametrize(("which", "kept"), [("last", 2.5), ("first", 2.0)])
def test_of_interviews_that_were_sent_twice_one_counts(which: str, kept: float, tmp_path: Path) -> None:
    rules = f'duplicates = {{by = "_uuid", keep = "{which}"}}'
    survey = opened(tmp_path, REFUSAL, rules)
    assert lines(survey) == [("duplicate", f"_uuid ({which})", 1)]
    weights = dict(zip(survey.frame["_uuid"].to_pylist(), survey.frame["weight"].to_pylist(), strict=True))
    assert weights["d"] == kept and survey.frame["_uuid"].to_pylist().count(None) == 2  # a blank is nobody's name


def test_codes_of_no_answer_count_in_every_column(tmp_path: Path) -> None:
    data = "a,b,age\n" + "dk,yes,20\nyes,dk,31\nno,yes,999\nyes,refused,40\nno,no,999\n" * 8
    survey = opened(tmp_path, data, 'no_answer = {dont_know = ["dk", 999], refused = ["refused"]}')
    assert lines(survey) == [("missing", "dk (dont_know)", 16), ("missing", "999 (dont_know)", 16),
                             ("missing", "refused (refused)", 8)]  # fmt: skip
    a, age = tabulate(survey, [Request(variable="a"), Request(variable="age", statistic="mean")]).estimates
    assert a.rows[0].n == 32 and age.rows[0].estimate == pytest.approx((20 + 31 + 40) / 3)


def clustered() -> str:
    chance = random.Random(5)
    rows = ["stratum,psu,w,answer,consent"]
    for unit in range(18):
        for place in range(6):
            said = "no" if unit in (4, 11) or (place == 0 and unit % 3 == 0) else "yes"
            rows.append(f"s{unit % 3},p{unit},{0.5 + chance.random():.3f},{chance.choice('ab')},{said}")
    return "\n".join(rows) + "\n"


DESIGN = 'weights = "w"\nstrata = "stratum"\npsu = ["psu"]'


def test_units_in_which_everybody_refused_stay_in_the_variance(tmp_path: Path) -> None:
    """Two of 18 sampling units have no respondent: the same numbers as a condition on each table."""
    domain = opened(tmp_path, clustered(), "", DESIGN)
    (asked,) = tabulate(domain, [Request(variable="answer", where="consent == 'yes'")]).estimates
    survey = opened(tmp_path, clustered(), "keep = \"consent == 'yes'\"", DESIGN)
    (kept,) = tabulate(survey, [Request(variable="answer")]).estimates
    assert [row.level_code for row in kept.rows] == ["a", "b"]
    for one, other in zip(kept.rows, asked.rows, strict=True):
        assert (one.estimate, one.se, one.df, one.n) == pytest.approx((other.estimate, other.se, other.df, other.n))
    assert lines(survey)[-1] == ("unit", "consent == 'yes'", 2)
    respondents = sum(line.endswith("yes") for line in clustered().splitlines())
    assert survey.provenance.rows == respondents == kept.rows[0].n


def test_rows_without_a_weight_are_no_part_of_the_sample(tmp_path: Path) -> None:
    data = "\n".join(
        ",".join(["s0", f"p{unit}", "" if unit == 2 else "1", "a" if place else "b", "no" if unit == 2 else "yes"])
        for unit in range(6) for place in range(4)
    )  # fmt: skip
    survey = opened(tmp_path, f"stratum,psu,w,answer,consent\n{data}\n", "keep = \"consent == 'yes'\"", DESIGN)
    assert [what for what, _, _ in lines(survey)] == ["dropped", "kept"]
    (table,) = tabulate(survey, [Request(variable="answer")]).estimates
    assert table.rows[0].df == 4  # five units, one stratum


@pytest.mark.parametrize(("rule", "message"), [
    ('keep = "consent == \'maybe\'"', "keeps none of 7 rows"), ('keep = "consent > \'yes\'"', "'yes' is no number"),
    ('keep = "nobody == 1"', "no variable named 'nobody'"), ('duplicates = {by = ["_uuid", "day"]}', "named 'day'"),
])  # fmt: skip
def test_a_rule_that_cannot_be_meant_is_told(rule: str, message: str, tmp_path: Path) -> None:
    with pytest.raises(SurveytoolError) as told:
        opened(tmp_path, REFUSAL, rule)
    assert message in str(told.value)
