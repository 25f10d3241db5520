"""The story of ``compare``: is it a difference or chance, in a table, in words and for programs."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from golden import parity
from scipy import stats

Run = Callable[..., Any]
DATA = parity.HERE
STRAT = (DATA / "apistrat.csv", "-w", "pw", "--strata", "stype", "--fpc", "fpc")
TEST_KEYS = {
    "table", "variable", "by", "test", "groups", "statistic", "df1", "df2", "p", "p_adjusted", "estimate",
    "se", "ci_low", "ci_high", "n",
}  # fmt: skip
NAMES = {"rao-scott-f", "rao-scott-chisq", "wald", "adjusted-wald", "t", "rank", "trend", "difference", "ratio"}


def asked_of(run: Run, *asked: object) -> list[dict[str, Any]]:
    ran = run("compare", *asked, "--format", "json")
    assert ran.status == 0, ran.err
    found: list[dict[str, Any]] = ran.json["tests"]
    return found


def test_the_envelope_has_tests_beside_rows(run: Run) -> None:
    every = [part for name in sorted(NAMES - {"t", "rank"}) for part in ("--test", name)]
    made = run("compare", *STRAT, "awards", "--by", "stype", *every, "--format", "json").json
    assert {"schema", "source", "design", "tables", "rows", "tests"} <= set(made)
    assert {each["test"] for each in made["tests"]} == NAMES - {"t", "rank"}
    for each in made["tests"]:
        assert set(each) >= TEST_KEYS
        assert each["table"] == each["variable"] == "awards" and each["by"] == "stype"
        assert each["groups"] is None or len(each["groups"]) == 2
        assert each["p"] is None or 0 <= each["p"] <= 1
    numbers = asked_of(run, *STRAT, "api00", "--by", "sch.wide", "--test", "t", "--test", "rank")
    assert [(each["test"], each["groups"]) for each in numbers] == [("t", ["Yes", "No"]), ("rank", ["Yes", "No"])]


@pytest.mark.parametrize("adjust", ["holm", "bonferroni", "none"])
def test_all_pairs_with_their_p_adjusted_within_an_answer(run: Run, adjust: str) -> None:
    found = asked_of(run, *STRAT, "awards", "--by", "stype", "--test", "difference", "--adjust", adjust)
    for level in ("Yes", "No"):
        pairs = [each for each in found if each["level"] == level]
        assert [each["groups"] for each in pairs] == [["E", "H"], ["E", "M"], ["H", "M"]]
        p = sorted(each["p"] for each in pairs)
        wanted = {
            "none": p,
            "bonferroni": [min(1, 3 * each) for each in p],
            "holm": [min(1, 3 * p[0]), min(1, max(3 * p[0], 2 * p[1])), min(1, max(3 * p[0], 2 * p[1], p[2]))],
        }[adjust]
        assert sorted(each["p_adjusted"] for each in pairs) == pytest.approx(wanted)
    for each in found:
        half = stats.t.ppf(0.975, each["df2"]) * each["se"]
        assert (each["ci_low"], each["ci_high"]) == pytest.approx((each["estimate"] - half, each["estimate"] + half))


def test_letters_stand_where_a_group_is_higher(run: Run) -> None:
    asked = (*STRAT, "awards", "--by", "stype")
    out = run("compare", *asked).out
    lines = {line.split()[0]: line for line in out.splitlines() if re.match(r"\s+[EHM] \[", line)}
    assert "73.0 BC" in lines["E"] and "52.0 A" in lines["M"] and "68.0 A" in lines["H"]
    assert "Letters: higher than the group with that letter" in out
    adjusted = {
        (each["level"], *each["groups"]): each["p_adjusted"] for each in asked_of(run, *asked) if each["groups"]
    }
    assert adjusted["Yes", "H", "M"] > 0.05 > adjusted["Yes", "E", "M"]


def test_a_trend_over_ordered_groups_is_a_slope_per_step(run: Run) -> None:
    (made,) = asked_of(run, *STRAT, "api00", "--by", "stype", "--test", "trend")
    assert made["groups"] is None and made["df1"] == 1
    model = run("model", DATA / "apistrat.csv", "api00 ~ ell", "-w", "pw", "--strata", "stype", "--format", "json").json
    assert model["terms"][0]["df"] == made["df2"] == 196  # one slope is one coefficient
    assert made["estimate"] == pytest.approx(made["statistic"] * made["se"])


SENTENCES = {
    "en": r"Yes: E 73\.0%, H 32\.0%: 41\.0 points more \(95% CI 25\.6 to 56\.4, p <0\.001\)\.",
    "es": r"Yes: E 73\.0%, H 32\.0%: 41\.0 puntos más \(IC 95% 25\.6 a 56\.4, p <0\.001\)\.",
    "fr": r"Yes\s: E 73,0\s%, H 32,0\s%\s: 41,0 points de plus \(IC à 95\s%\s: 25,6 à 56,4, p <0,001\)\.",
}


@pytest.mark.parametrize("lang", SENTENCES)
def test_a_difference_in_words(run: Run, lang: str) -> None:
    asked = ("compare", *STRAT, "awards", "--by", "stype", "--lang", lang)
    told = next(each["sentence"] for each in run(*asked, "--format", "json").json["tests"] if each["sentence"])
    shown = " ".join(run(*asked).out.split())
    assert " ".join(told.split()) in shown
    assert re.fullmatch(SENTENCES[lang], told), told


@pytest.mark.parametrize("lang", ["en", "es", "fr"])
def test_a_sample_that_is_not_random_changes_the_words(run: Run, lang: str) -> None:
    asked = ("compare", *STRAT, "awards", "--by", "stype", "--lang", lang)
    random, convenience = (run(*asked, "--sample", each).out for each in ("probability", "convenience"))
    word = {"en": "indicative", "es": "indicativ", "fr": "indicatif"}[lang]
    assert word in convenience and word not in random
    told = [each["sentence"] for each in run(*asked, "--sample", "quota", "--format", "json").json["tests"]]
    assert all("p " not in each.split("(")[1] for each in told if each)


def test_every_format_has_the_tests(run: Run, tmp_path: Any) -> None:
    for suffix in ("csv", "json", "md", "html", "tex", "xlsx", "docx", "txt"):
        target = tmp_path / f"out.{suffix}"
        asked = ("compare", *STRAT, "awards", "--by", "stype", "-o", target)
        ran = run(*asked, *(["--format", "terminal"] if suffix == "txt" else []))
        assert ran.status == 0, (suffix, ran.err)
        assert target.stat().st_size > 500
        if suffix in ("csv", "md", "html", "tex", "txt"):
            text = target.read_text(encoding="utf-8")
            assert "ao-" in text or "Rao" in text, suffix


@pytest.mark.parametrize(("asked", "status", "words"), [
    (("awards",), 2, "--by"),
    (("awards", "--by", "stype", "--test", "chisq"), 2, "rao-scott-chisq"),
    (("awards", "--by", "stype", "--adjust", "holmes"), 2, "holm"),
    (("api00", "--by", "stype", "--stat", "median"), 2, "rank"),
    (("api00", "--by", "stype", "--where", "stype == 'E'"), 2, "two groups"),
    (("awards", "--by", "stype", "--test", "t"), 2, "t does not compare answers (awards)"),
    (("api00", "--by", "stype", "--test", "t"), 2, "numbers of 3 groups"),
    (("api00", "--by", "stype", "--test", "rao-scott-f"), 2, "Write one of: wald, rank"),
])  # fmt: skip
def test_what_cannot_be_compared_is_one_line(run: Run, asked: tuple[str, ...], status: int, words: str) -> None:
    ran = run("compare", *STRAT, *asked)
    assert ran.status == status and words in ran.err and ran.out == ""


def test_the_total_can_be_left_out(run: Run) -> None:
    asked = (*STRAT, "awards", "--by", "stype", "--format", "json")
    whole, parts = run("compare", *asked).json, run("compare", *asked, "--no-total").json
    assert [each for each in whole["rows"] if each["by"]] == parts["rows"] != whole["rows"]
    assert whole["tests"] == parts["tests"]
