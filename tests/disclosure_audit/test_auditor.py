"""The auditor: what it reads, what it finds where a gate is weak, and that a second attacker finds no more."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from surveytool.disclosure_audit.printed_rows import Line, Printed, read_json, read_table, with_places
from surveytool.notes import note
from surveytool.text import LANGUAGES, words

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "adversary"))


def weak(monkeypatch: pytest.MonkeyPatch, *, digits: bool = True, alone: bool = False) -> None:
    """A gate as it once was: every digit in JSON; with ``alone`` small counts withheld and nothing else."""
    import surveytool.disclosure_control.complementary_suppression as choice
    import surveytool.disclosure_control.gate as gate
    import surveytool.disclosure_control.passed_tables as passed_tables

    def primary(system: Any, *given: object, fixed: frozenset[int] = frozenset(), **more: object) -> Any:
        return choice.Choice(withheld=set(system.forced) - fixed, cost=0.0)

    if alone:
        monkeypatch.setattr(passed_tables, "choose", primary)
    if digits:
        monkeypatch.setattr(gate, "printed", lambda estimates, *_: (replace(estimates, decimals=1), ()))
        monkeypatch.setattr(gate.Gate, "_frame", lambda *_: None)
        monkeypatch.setattr(gate, "linked_rows", lambda estimates, *others: estimates)


def two_weights(folder: Path) -> Path:
    """Women weigh 1.42, men 0.8; three women say Yes."""
    rows = [("Yes", "Female", 1.42)] * 3 + [("No", "Female", 1.42)] * 50
    rows += [("Yes", "Male", 0.8)] * 61 + [("No", "Male", 0.8)] * 41
    path = folder / "w.csv"
    path.write_text("q,sex,w\n" + "".join(f"{q},{sex},{w}\n" for q, sex, w in rows), encoding="utf-8")
    return path


def audit(run: Callable[..., Any], *arguments: object) -> dict[str, Any]:
    done = run("summarize", *arguments, "--protect", "--audit", "--format", "json")
    assert done.status == 0, done.err
    found: dict[str, Any] = done.json["audit"]
    return found


def test_the_auditor_shares_nothing_with_the_gate() -> None:
    from laws.test_structure import PACKAGE, imported

    files = sorted((PACKAGE / "disclosure_audit").glob("*.py"))
    assert files and not any("disclosure_control" in imported(path) for path in files)


def test_weighted_figures_in_full_give_a_withheld_count_away(
    run: Callable[..., Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = two_weights(tmp_path)
    asked = (data, "q", "sex", "-w", "w", "--by", "sex")
    safe = audit(run, *asked)
    assert safe["attacked"] >= 4 and safe["pinned"] == 0 and safe["narrowest"] >= 5 and safe["complete"]
    weak(monkeypatch)
    found = audit(run, *asked)
    assert found["pinned"] >= 2 and found["narrowest"] == 0 and "weighted" in found["reads"]


def test_a_standard_error_gives_the_split_of_a_total_away(
    run: Callable[..., Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = two_weights(tmp_path)
    asked = (data, "q", "--strata", "sex", "--by", "sex")
    with_n = (data, "q", "sex", "--strata", "sex", "--by", "sex")
    assert audit(run, *with_n)["pinned"] == 0
    weak(monkeypatch)
    assert audit(run, *asked)["narrowest"] == 1  # women or men: two counts are left of each
    found = audit(run, *with_n)
    assert found["pinned"] >= 2 and {"se", "df"} <= set(found["reads"])


def test_the_mean_of_a_length_gives_a_withheld_stop_away(
    run: Callable[..., Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    random = np.random.default_rng(3)
    lines = ["o,r1,r2,r3,r4,d"]
    for row in range(121):
        stops = [name for name, share in (("CO", 0.7), ("PA", 0.6), ("CR", 0.5)) if random.random() < share]
        stops += ["EC"] if row < 3 else []
        lines.append(",".join(["VE", *(stops + [""] * 4)[:4], "US"]))
    data = tmp_path / "routes.csv"
    data.write_text("\n".join(lines) + "\n", encoding="utf-8")
    asked = (data, "j.stops", "j.length", "--route", "j: o > r* > d?")
    assert audit(run, *asked)["pinned"] == 0
    weak(monkeypatch)
    found = audit(run, *asked)
    assert found["pinned"] == 1 and "means" in found["reads"]


def test_the_answer_of_one_without_a_group_is_found(
    run: Callable[..., Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With everything shown but the one person's row, the answer is the total less the groups."""
    from surveytool.disclosure_audit import auditor
    from surveytool.reading import read
    from surveytool.survey import Request
    from surveytool.tabulation import tabulate

    rows = [("Yes", "F")] * 20 + [("No", "F")] * 19 + [("Yes", "M")] * 25 + [("No", "M")] * 15 + [("Yes", "")]
    data = tmp_path / "one.csv"
    data.write_text("q,sex\n" + "".join(f"{q},{sex}\n" for q, sex in rows), encoding="utf-8")
    survey = read(str(data))
    open_results = tabulate(survey, [Request(variable="q", by=(("sex",),))])
    from surveytool.disclosure_control import Protection, guard

    guarded = guard(survey, Protection(active=True, audit=True))
    outcome = auditor.attack(guarded, open_results, words("en"), seconds=60.0)
    assert outcome.pinned == 1 and any("in no group of sex" in name for name in outcome.names)


def test_a_question_by_itself_is_read(run: Callable[..., Any], tmp_path: Path) -> None:
    """A question that is its own breakdown: its groups are its answers."""
    found = audit(run, two_weights(tmp_path), "q", "--by", "q", "--by", "sex", "-w", "w")
    assert found["attacked"] and found["pinned"] == 0


def test_a_ledger_joins_the_attack(run: Callable[..., Any], tmp_path: Path) -> None:
    """What an earlier run published counts as read, also where this run shows nothing that opens anything."""
    data, ledger = two_weights(tmp_path), tmp_path / "ledger.json"
    audit(run, data, "q", "--ledger", ledger)
    found = audit(run, data, "q", "--where", "sex == 'Female'", "--ledger", ledger)
    assert "ledger" in found["reads"] and found["pinned"] == 0 and found["attacked"]


def test_it_says_when_it_stopped_early(tmp_path: Path) -> None:
    from surveytool.disclosure_audit import audited
    from surveytool.disclosure_control import Protection, guard
    from surveytool.reading import read
    from surveytool.survey import Request
    from surveytool.tabulation import tabulate

    survey = guard(read(str(two_weights(tmp_path))), Protection(active=True, audit=True))
    results = tabulate(survey, [Request(variable="q", by=(("sex",),))])
    made = audited(survey, results, words("en"), seconds=0.0)
    assert made.protection is not None and made.protection.audit is not None
    assert not made.protection.audit.complete and made.protection.audit.pinned == 0
    for language in LANGUAGES:
        said = [words(language).say(each) for each in made.notes if each.code == "audit_stopped"]
        assert said and not said[0].startswith("audit_stopped")


def test_every_word_of_what_it_reads_stands_in_each_language() -> None:
    from surveytool.disclosure_audit.splits import KEYS

    kinds = {
        "counts",
        "n",
        "bases",
        "nobody",
        "means",
        "totals",
        "standardised",
        "differences",
        "ledger",
        *KEYS.values(),
    }
    for language in LANGUAGES:
        for kind in kinds:
            assert words(language).word(f"audit_read_{kind}") != f"audit_read_{kind}", (language, kind)


@pytest.mark.parametrize(
    "text, low, high", [("0.34", 0.335, 0.345), ("12", 12, 12), ("1e-2", 0.005, 0.015), ("120.0", 119.95, 120.05)]
)
def test_a_number_is_what_its_digits_leave_open(text: str, low: float, high: float) -> None:
    assert Printed(text).low == pytest.approx(low, abs=1e-6) and Printed(text).high == pytest.approx(high, abs=1e-6)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_words_below_a_table_are_read(language: str) -> None:
    said = words(language)
    base = said.fill("base", who=said.word("base_answered")) + said.fill("base_of", n=1234, of=5678)
    table = f"{base}\n{said.say(note('missing_by', n=17, variable='sex'))}"
    found = {(each.what, each.n, each.by) for each in read_table(table, "q", ["sex", "age"], said)}
    assert found == {("base", 1234, ""), ("domain", 5678, ""), ("nobody", 17, "sex")}


def test_a_dropped_zero_is_a_digit(run: Callable[..., Any]) -> None:
    numbers = [Line("t", "q", "proportion", "answered", None, {}, code, {"estimate": Printed(text)}, None)
               for code, text in (("a", "0.5"), ("b", "0.47"))]  # fmt: skip
    assert [each.numbers["estimate"].half for each in with_places(numbers)] == [0.005, 0.005]


def test_json_is_read_with_its_digits() -> None:
    row = {"table": "q", "variable": "q", "level": "Yes", "level_code": "1", "by": {}, "by_code": {}, "flag": None,
           "estimate": 0.50, "count": 3, "n": None}  # fmt: skip
    table = {"id": "q", "statistic": "proportion", "base": "answered", "where": None}
    text = json.dumps({"tables": [table], "rows": [row], "source": {"rows": 9}}).replace("0.5", "0.50")
    line = read_json(text).lines[0]
    assert line.numbers["estimate"].text == "0.50" and "n" not in line.numbers and line.level == "1"


@pytest.mark.parametrize("seed", [1001, 1006, 1007, 1029, 1031])
def test_a_second_attacker_finds_no_more(
    seed: int, run: Callable[..., Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The adversary of tests/adversary shares no code with the auditor; on a weak gate they find the same."""
    import csv

    from attack import attack  # type: ignore[import-not-found]
    from respondents import study  # type: ignore[import-not-found]

    weak(monkeypatch)
    made = study(seed)
    names = [name for name in made.columns if not name.startswith("_")]
    with (tmp_path / "data.csv").open("w", newline="", encoding="utf-8") as out:
        csv.writer(out).writerows([names, *zip(*(made.columns[name] for name in names), strict=True)])
    (tmp_path / "study.toml").write_text(made.toml, encoding="utf-8")
    places = {"{data}": str(tmp_path / "data.csv"), "{toml}": str(tmp_path / "study.toml")}
    command = [places.get(each, each) for each in made.commands[0]]
    done = run(*command, "--audit", "--format", "json")
    assert done.status == 0, done.err
    second = attack(seed)
    assert second.pinned and done.json["audit"]["pinned"] >= second.pinned
