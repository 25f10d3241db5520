"""A codebook under the gate: rare answers, rare reasons, and what would give them away by subtraction."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from surveytool.disclosure_control import Protection, guard
from surveytool.disclosure_control.protected_codebook import protected_codebook
from surveytool.reading import read
from surveytool.survey import Variable

Run = Callable[..., Any]
RULES = Protection(active=True, cell=5, base=10)


def book(**columns: Sequence[Any]) -> dict[str, Variable]:
    """The protected codebook of columns; every column by its name."""
    return dict(protected_codebook(guard(read(pa.table(columns)), RULES)).codebook)


def counts(variable: Variable) -> dict[str, int | None]:
    return {each.label: None if each.withheld else each.count for each in variable.levels}


def test_a_rare_answer_goes_with_another_and_n_stays() -> None:
    made = book(status=["a"] * 2 + ["b"] * 30 + ["c"] * 90)["status"]
    assert made.n == 122 and not made.withheld
    assert counts(made) == {"b": None, "c": 90, "Other answers": None}


def test_a_recode_and_its_source_do_not_give_each_other_away() -> None:
    """a is 122 - c - b without the coarser question; with it a is "ab" - b, so that b may not be shown twice."""
    status = ["a"] * 2 + ["b"] * 30 + ["c"] * 40 + ["d"] * 50
    made = book(status=status, coarse=["ac" if each in "ac" else "bd" for each in status])
    shown, coarse = counts(made["status"]), counts(made["coarse"])
    assert shown["Other answers"] is None and "a" not in shown
    assert coarse["ac"] is None or shown["c"] is None
    assert [shown[each] for each in "bcd"].count(None) >= 1


def test_who_was_hardly_asked_is_not_counted_at_all() -> None:
    made = book(few=["x"] * 7 + [None] * 93, number=[1.5, 2.5, 3.5] + [None] * 97, full=["y"] * 60 + ["z"] * 40)
    for name in ("few", "number"):
        assert made[name].withheld and (made[name].n, made[name].n_missing) == (0, 0)
    assert all(each.withheld for each in made["few"].levels)
    assert counts(made["full"]) == {"y": 60, "z": 40}


def study(tmp_path: Path, reasons: dict[str, int], about: str = "") -> Path:
    """A study whose question has answers and declared reasons for none."""
    rows = ["yes"] * 40 + ["no"] * 30 + [text for text, n in reasons.items() for _ in range(n)]
    (tmp_path / "data.csv").write_text("\n".join(["q", *rows]) + "\n")
    declared = ", ".join(f"{text} = ['{text}']" for text in reasons)
    path = tmp_path / "study.toml"
    path.write_text(f"[study]\n{about}\n[data]\npath = 'data.csv'\n[variables.q]\nmissing = {{{declared}}}\n")
    return path


@pytest.mark.parametrize(("reasons", "hidden"), [
    ({"refused": 2, "dont_know": 20}, {"refused", "dont_know"}),  # one left over is reckoned from the missing
    ({"refused": 2, "dont_know": 20, "not_asked": 9}, {"refused", "not_asked"}),
    ({"refused": 12, "dont_know": 20}, set()),
    ({"refused": 3}, set()),  # as much as how many gave no answer
])  # fmt: skip
def test_rare_reasons(run: Run, tmp_path: Path, reasons: dict[str, int], hidden: set[str]) -> None:
    ran = run("codebook", study(tmp_path, reasons, "migrants = true"), "--format", "json")
    assert ran.status == 0, ran.err
    (made,) = ran.json["variables"]
    assert (made["n"], made["n_missing"]) == (70, sum(reasons.values()))
    found = {each["missing"]: each["count"] for each in made["levels"] if each["missing"]}
    assert found == {name: None if name in hidden else n for name, n in reasons.items()}


def test_on_for_migrants_and_by_the_option_off_otherwise(run: Run, tmp_path: Path) -> None:
    reasons = {"refused": 2, "dont_know": 20}
    plain, data = study(tmp_path, reasons), tmp_path / "data.csv"
    rare = lambda *asked: "*" in run("codebook", *asked).out  # noqa: E731
    assert not rare(plain) and rare(plain, "--protect") and rare(data, "--min-cell", "3")
    assert rare(study(tmp_path, reasons, "migrants = true"))
    assert not rare(plain, "--no-protect")


@pytest.mark.parametrize("suffix", ["txt", "csv", "json", "md", "html", "tex"])
def test_no_format_has_what_is_withheld(run: Run, tmp_path: Path, suffix: str) -> None:
    data = tmp_path / "data.csv"
    data.write_text("\n".join(["q", *["few"] * 13, *["some"] * 41, *["many"] * 59]) + "\n")
    ran = run("codebook", data, "--min-cell", "14", "--min-base", "14", "-o", tmp_path / f"book.{suffix}")
    assert ran.status == 0, ran.err
    text = (tmp_path / f"book.{suffix}").read_text()
    assert re.search(r"\b59\b", text) and not re.search(r"\b(13|41)\b", text)
