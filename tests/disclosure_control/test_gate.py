"""The gate: what is withheld is gone from every output, and does not come back by arithmetic."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Sequence
from dataclasses import replace
from io import StringIO
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from surveytool.disclosure_control import Protection, guard
from surveytool.errors import UsageError
from surveytool.estimate.group_tests import Comparison
from surveytool.estimate.result import Results, Row
from surveytool.reading import read
from surveytool.survey import Design, Request, Survey
from surveytool.table import report
from surveytool.tabulation import compare, tabulate
from surveytool.text import LANGUAGES, words

RULES = Protection(active=True, cell=5, base=10, dominance=1.0)


def survey(counts: dict[tuple[Any, ...], int], names: Sequence[str], **more: Any) -> Survey:
    """Respondents by combination of answers."""
    rows = [combination for combination, n in counts.items() for _ in range(n)]
    columns = {name: [row[place] for row in rows] for place, name in enumerate(names)}
    columns |= {name: values(len(rows)) if callable(values) else values for name, values in more.items()}
    return read(pa.table(columns))


def two_by_two() -> Survey:
    """Three respondents said "No", all of them women."""
    counts = {("Yes", "Male"): 60, ("No", "Male"): 0, ("Yes", "Female"): 47, ("No", "Female"): 3}
    return survey({key: n for key, n in counts.items() if n}, ("answer", "sex"))


def rows_of(results: Results, table: int = 0) -> dict[tuple[str | None, str], Row]:
    return {(row.level, ", ".join(row.by.values())): row for row in results.estimates[table].rows}


def held(results: Results, table: int = 0) -> set[tuple[str | None, str]]:
    return {key for key, row in rows_of(results, table).items() if row.flag == "suppressed"}


def test_without_a_gate_nothing_changes() -> None:
    asked = [Request(variable="answer", by=(("sex",),))]
    open_, shut = two_by_two(), guard(two_by_two(), Protection())
    assert tabulate(shut, asked) == tabulate(open_, asked)
    assert not held(tabulate(shut, asked))


def test_a_small_count_goes_with_its_complement_and_does_not_come_back() -> None:
    made = tabulate(guard(two_by_two(), RULES), [Request(variable="answer", by=(("sex",),))])
    gone = held(made)
    assert {("No", "Female"), ("Yes", "Female")} <= gone
    total = {key for key in gone if not key[1]}
    assert {("No", ""), ("Yes", "")} <= total or ("No", "Male") in gone  # else 3 = total - men
    assert all(row.estimate is None and row.count is None and row.n == 0 for row in made.estimates[0].rows
               if row.flag == "suppressed")  # fmt: skip


def test_thresholds_are_where_they_are_said_to_be() -> None:
    def gone(n: int, of: int, rules: Protection = RULES) -> bool:
        made = tabulate(guard(survey({("a",): of - n, ("b",): n}, ("q",)), rules), [Request(variable="q")])
        return bool(held(made))

    assert gone(4, 40) and not gone(5, 40)
    assert gone(4, 9) and not gone(5, 10)
    assert not gone(4, 40, replace(RULES, cell=4))
    assert gone(12, 24, replace(RULES, base=25)) and not gone(12, 25, replace(RULES, base=25))


def test_zero_may_be_shown_where_the_group_is_large_and_never_of_few() -> None:
    counts = {("a", "many"): 40, ("a", "few"): 8, ("b", "many"): 30, ("b", "some"): 20}
    made = tabulate(guard(survey(counts, ("q", "g")), RULES), [Request(variable="q", by=(("g",),))])
    assert {("a", "few"), ("b", "few")} <= held(made)  # all eight said a
    alone = tabulate(guard(survey({("a",): 40, ("b",): 0}, ("q",)), RULES), [Request(variable="q")])
    assert rows_of(alone)[("a", "")].estimate == 1.0


@pytest.mark.parametrize("format", ["json", "csv", "terminal", "markdown", "html"])
def test_what_is_withheld_is_in_no_output(format: str) -> None:
    from surveytool.render import render

    counts = {("Yes", "Male"): 61, ("No", "Male"): 44, ("Yes", "Female"): 47, ("No", "Female"): 3}
    counts |= {("Yes", "Other"): 7}
    asked = [Request(variable="answer", by=(("sex",),))]
    made = tabulate(guard(survey(counts, ("answer", "sex")), RULES), asked)
    text = render(report(made, words("en")), format, words("en")).decode()
    body = re.sub(r"(?s)<style.*?</style>|<head.*?</head>|fewer than 10|under 5|\d+ of \d+ figures", "", text)
    for number in ("\\b3\\b", "\\b7\\b", "6\\.0%?", "0\\.06\\b", "\\b0\\.94"):
        assert not re.search(rf"(?<![\d.]){number}(?![\d.])", body), (number, format)
    assert ("*" in text) if format not in ("json", "csv") else ("suppressed" in text)


def test_the_base_line_and_the_notes_tell_nothing() -> None:
    counts = {("a", "x"): 4, ("b", "x"): 3, (None, "x"): 60, ("a", "y"): 0}
    made = tabulate(guard(survey({k: n for k, n in counts.items() if n}, ("q", "g")), RULES), [Request(variable="q")])
    assert made.estimates[0].base.withheld and made.estimates[0].base.base == 0
    base = report(made, words("en")).tables[0].base
    assert not re.search(r"\d", base)


def test_domains_do_not_give_a_difference_away() -> None:
    """Everybody and adults: the difference of two large tables is three minors."""
    counts = {("Yes", "adult"): 60, ("No", "adult"): 40, ("Yes", "minor"): 2, ("No", "minor"): 1}
    asked = [Request(variable="q"), Request(variable="q", where="age == 'adult'")]
    made = tabulate(guard(survey(counts, ("q", "age")), RULES), asked)
    both = [{row.level for row in each.rows if row.flag != "suppressed"} for each in made.estimates]
    assert not both[0] & both[1]


def test_overlapping_bands_do_not_give_a_difference_away() -> None:
    ages = {17: 30, 18: 30, 24: 30, 25: 2, 26: 30, 40: 30}
    rows = [(a, "Yes" if i % 2 else "No") for a, n in ages.items() for i in range(n)]
    first = ["to 24" if a <= 24 else "25 and over" for a, _ in rows]
    second = ["to 25" if a <= 25 else "26 and over" for a, _ in rows]
    data = read(pa.table({"q": [q for _, q in rows], "one": first, "two": second}))
    made = tabulate(guard(data, RULES), [Request(variable="q", by=(("one",), ("two",)))])
    shown = {key for key in rows_of(made) if key not in held(made)}
    assert not {("Yes", "to 24"), ("Yes", "to 25")} <= shown


def test_nested_breakdowns_do_not_give_a_group_away() -> None:
    counts = {("Yes", "North", "A"): 30, ("No", "North", "A"): 30, ("Yes", "North", "B"): 2, ("No", "North", "B"): 20,
              ("Yes", "South", "C"): 30, ("No", "South", "C"): 30}  # fmt: skip
    made = tabulate(
        guard(survey(counts, ("q", "region", "country")), RULES),
        [Request(variable="q", by=(("country",),)), Request(variable="q", by=(("region",),))],
    )
    assert ("Yes", "B") in held(made)
    assert ("Yes", "A") in held(made) or ("Yes", "North") in held(made, 1)


def test_later_calls_remember_what_earlier_ones_withheld() -> None:
    counts = {("Yes", "North", "A"): 30, ("No", "North", "A"): 30, ("Yes", "North", "B"): 2, ("No", "North", "B"): 20}
    counts |= {("Yes", "South", "C"): 30, ("No", "South", "C"): 30}
    shut = guard(survey(counts, ("q", "region", "country")), RULES)
    first = tabulate(shut, [Request(variable="q", by=(("country",),))])
    second = tabulate(shut, [Request(variable="q", by=(("region",),))])
    again = tabulate(shut, [Request(variable="country", by=(("q",),))])
    assert ("Yes", "B") in held(first) and ("B", "Yes") in held(again)
    assert ("Yes", "A") in held(first) or ("Yes", "North") in held(second)
    for level, group in held(first):
        if group:
            assert (group, level) in held(again)


def test_several_answers_hide_the_few_who_did_not_choose() -> None:
    n = 60
    columns = {"q_a": [1] * 57 + [0] * 3, "q_b": [1] * 30 + [0] * 30, "g": ["x", "y"] * 30}
    data = read(pa.table(columns))
    from surveytool.survey import Codebook, Level, Variable

    options = tuple(Level(code=c, label=c) for c in ("q_a", "q_b"))
    multiple = Variable(name="q", kind="multiple", levels=options, columns=("q_a", "q_b"), counted=1.0, n=n)
    data = replace(data, codebook=Codebook({**data.codebook, "q": multiple}))
    made = tabulate(guard(data, RULES), [Request(variable="q")])
    assert ("q_a", "") in held(made) and ("q_b", "") not in held(made)


def test_figures_of_one_place_are_withheld_unless_they_say_so() -> None:
    rng = np.random.default_rng(1)
    columns = {"g": ["x"] * 40 + ["y"] * 60, "site": ["s1"] * 38 + list(rng.choice(["s1", "s2", "s3"], 62)),
               "q": list(rng.choice(["a", "b"], 100))}  # fmt: skip
    rules = replace(RULES, dominance=0.9, site="site")
    asked = [Request(variable="q", by=(("g",), ("site",)))]
    made = tabulate(guard(read(pa.table(columns)), rules), asked)
    assert {("a", "x"), ("b", "x")} <= held(made)
    assert not any(key[1] in ("s1", "s2", "s3") for key in held(made))
    clustered = read(pa.table(columns), design=Design(psu=("site",)))
    assert ("a", "x") in held(tabulate(guard(clustered, replace(rules, site=None)), asked))
    assert not held(tabulate(guard(read(pa.table(columns)), replace(rules, dominance=1.0)), asked))


def test_medians_are_not_the_answer_of_one_of_few() -> None:
    data = read(pa.table({"pay": [float(x) for x in range(40)], "g": ["x"] * 20 + ["y"] * 20}))
    made = tabulate(guard(data, RULES), [Request(variable="pay", statistic=s, by=(("g",),)) for s in ("median", "p90")])
    assert not held(made, 0)
    assert held(made, 1) == {(None, ""), (None, "x"), (None, "y")}
    values = np.arange(40.0)
    for row in made.estimates[0].rows:
        assert row.se is None
        for end in (row.estimate, row.ci_low, row.ci_high):  # in tens: five people and more gave an answer there
            assert end is None or (end % 10 == 0 and np.sum(np.abs(values - end) <= 5) >= 5)


def test_tests_of_withheld_groups_are_gone() -> None:
    counts = {("Yes", "a"): 30, ("No", "a"): 30, ("Yes", "b"): 25, ("No", "b"): 31, ("Yes", "c"): 4, ("No", "c"): 3,
              ("Yes", "d"): 2, ("No", "d"): 4}  # fmt: skip
    asked = [Request(variable="q", by=(("g",),))]
    made = compare(guard(survey(counts, ("q", "g")), RULES), asked, Comparison())
    gone = held(made)
    assert ("Yes", "c") in gone
    assert all(test.groups is not None for test in made.tests)
    for test in made.tests:
        assert not {(test.level, group) for group in test.groups} & gone
    plain = compare(survey(counts, ("q", "g")), asked, Comparison())
    assert len(made.tests) < len(plain.tests)


def test_a_model_of_too_few_is_refused() -> None:
    from surveytool.regression import Specification
    from surveytool.tabulation import regress

    data = read(pa.table({"y": [float(x) for x in range(11)], "x": [float(x * x % 7) for x in range(11)]}))
    wanted = Specification(formula="y ~ x")
    regress(data, wanted)
    with pytest.raises(UsageError, match="too few respondents"):
        regress(guard(data, RULES), wanted)


def modelled(counts: dict[tuple[str, str], int], formula: str) -> Results:
    """A model of answers by groups, past the gate; ``x`` is a number that has nothing to do with them."""
    from surveytool.regression import Specification
    from surveytool.tabulation import regress

    numbers = survey(counts, ("q", "g"), x=lambda n: [float(each * 37 % 101) for each in range(n)])
    return regress(guard(numbers, RULES), Specification(formula=formula))


PLENTY = {("Yes", "a"): 40, ("No", "a"): 30, ("Yes", "b"): 20, ("No", "b"): 35}


@pytest.mark.parametrize("formula", ["q == 'Yes' ~ g", "q == 'Yes' ~ g + x", "x ~ g", "q == 'Yes' ~ x + g:x"])
def test_a_model_tells_nothing_of_a_category_of_few(formula: str) -> None:
    """Reference group or not, in a crossing or alone."""
    assert modelled(PLENTY, formula).models[0].n == 125
    for rare in ("0", "z"):
        with pytest.raises(UsageError, match=f"too few respondents .*: g: {rare}[. ]"):
            modelled({**PLENTY, ("Yes", rare): 2, ("No", rare): 4}, formula)


def test_a_model_of_categories_alone_tells_nothing_of_a_rare_answer() -> None:
    few = {**PLENTY, ("Yes", "c"): 30, ("No", "c"): 3}
    with pytest.raises(UsageError, match=r"too few respondents .*: g: c"):
        modelled(few, "q == 'Yes' ~ g")
    assert modelled(few, "q == 'Yes' ~ g + x").models[0].n == 158  # nobody can reckon the three from these


def test_a_number_of_two_values_is_a_category_by_another_name() -> None:
    from surveytool.regression import Specification
    from surveytool.tabulation import regress

    counts = {(1.0, "Yes"): 3, (0.0, "Yes"): 40, (0.0, "No"): 40, (1.0, "No"): 1}
    data = survey(counts, ("flag", "q"))
    data = read(data.frame, kinds={"flag": "number"})
    with pytest.raises(UsageError, match=r"too few respondents .*: flag: 1"):
        regress(guard(data, RULES), Specification(formula="q == 'Yes' ~ flag"))


def test_charts_and_claims_pass_the_same_gate(tmp_path, run) -> None:
    data = tmp_path / "data.csv"
    lines = ["answer,sex", *["Yes,Male"] * 60, *["Yes,Female"] * 47, *["No,Female"] * 3]
    data.write_text("\n".join(lines) + "\n")
    drawn = run(
        "chart", data, "answer", "--by", "sex", "--protect", "--kind", "bars", "-o", tmp_path / "c.svg", "--data"
    )
    assert drawn.status == 0, drawn.err
    assert "suppressed" in (text := (tmp_path / "c.csv").read_text())
    assert "0.06" not in [row["estimate"] for row in csv.DictReader(StringIO(text))]
    claims = tmp_path / "claims.csv"
    claims.write_text("id,published,variable,level,by_sex\nc,6%,answer,No,Female\n")
    judged = run("reproduce", data, "--claims", claims, "--protect", "--format", "json").json["claims"][0]
    assert judged["verdict"] == "cannot" and judged["estimate"] is None
    assert "too few respondents" in json.dumps(judged)


def test_the_gate_is_on_for_migrants_and_off_for_plain_files(run, tmp_path) -> None:
    data = tmp_path / "data.csv"
    data.write_text("\n".join(["q", *["a"] * 60, *["b"] * 3]) + "\n")
    flags = lambda *more: {row["flag"] for row in run("summarize", data, "q", "--format", "json", *more).json["rows"]}  # noqa: E731
    assert flags() == {None}
    assert flags("--protect") == {"suppressed"} == flags("--min-cell", "4")
    assert flags("--protect", "--min-cell", "3") == {None}
    assert flags("--no-protect") == {None}
    bad = run("summarize", data, "q", "--min-cell", "20", "--min-base", "10")
    assert bad.status == 2 and "--min-base" in bad.err


def test_a_study_of_migrants_is_protected_unless_it_says_otherwise() -> None:
    asked = [Request(variable="answer", by=(("sex",),))]
    quiet = Protection(dominance=1.0)
    assert held(tabulate(guard(two_by_two(), quiet, migrants=True), asked))
    assert not held(tabulate(guard(two_by_two(), replace(quiet, active=False), migrants=True), asked))
    assert not held(tabulate(guard(two_by_two(), quiet, migrants=False), asked))


def test_the_note_says_what_was_done_in_each_language() -> None:
    made = tabulate(guard(two_by_two(), RULES), [Request(variable="answer", by=(("sex",),))])
    codes = [each.code for each in made.notes]
    assert "protected" in codes
    for language in LANGUAGES:
        said = [words(language).say(each) for each in made.notes]
        assert not any(text.startswith("protected") for text in said)


def test_out_of_time_more_is_withheld_and_said() -> None:
    asked = [Request(variable="answer", by=(("sex",),))]
    made = tabulate(guard(two_by_two(), replace(RULES, seconds=0.0)), asked)
    assert "protected_time" in [each.code for each in made.notes]
    assert ("No", "Female") in held(made)
    assert set(held(made)) > set(held(tabulate(guard(two_by_two(), RULES), asked)))


def test_same_input_same_output() -> None:
    asked = [Request(variable="answer", by=(("sex",),)), Request(variable="sex", by=(("answer",),))]
    assert tabulate(guard(two_by_two(), RULES), asked) == tabulate(guard(two_by_two(), RULES), asked)


def test_a_share_at_the_limit_is_not_above_it() -> None:
    """Nine of ten equal weights are 90%, and a little more in floating point: the order of sums may not decide."""
    weights = [3.3] * 10
    assert sum(weights[:9]) / sum(weights) > 0.9
    sites = ["a"] * 9 + ["b"]
    table = pa.table({"answer": ["Yes"] * 10, "w": weights, "site": sites})
    asked = [Request(variable="answer", by=())]
    rules = replace(RULES, dominance=0.9, site="site")
    design = Design(weights="w")
    assert not held(tabulate(guard(read(table, design=design), rules), asked))
    heavier = table.set_column(1, "w", pa.array([*weights[:9], 3.2]))
    assert held(tabulate(guard(read(heavier, design=design), rules), asked))
