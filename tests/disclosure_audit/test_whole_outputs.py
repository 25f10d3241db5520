"""Whole outputs against somebody who takes them apart: no withheld number and no single answer in any byte."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from disclosure_audit.whole_outputs import numbers, shown

STUDY = """
[study]
title = "Whole outputs"
migrants = true
[data]
path = "d.csv"
[design]
weights = "w"
sample = "probability"
[[tables]]
variable = "health"
by = ["sex", "region"]
[[tables]]
variable = "why"
by = ["sex:region"]
[[tables]]
variable = "pay"
statistic = "mean"
by = ["region"]
[[charts]]
variable = "health"
by = ["sex"]
[[claims]]
id = "rare"
text = "Few had tuberculosis"
variable = "health"
level = "tuberculosis"
published = "{rare}"
[[claims]]
id = "mean"
text = "The mean pay"
variable = "pay"
stat = "mean"
published = "{pay}"
[[claims]]
id = "common"
text = "Most had nothing"
variable = "health"
level = "none"
published = "70%"
"""
DIGITS = 3  # of a number, below which it may be there by chance


def people(swap: bool = False) -> str:
    """Respondents; with ``swap`` the one with the rare answer is another person of the same sex and region."""
    dice = random.Random(5)
    lines = ["case_id,sex,region,health,why,pay,w,story"]
    rare = {40, 41, 90 if swap else 17}
    for row in range(284):
        sex, region = dice.choice("MF"), dice.choice(["North", "South"])
        sex, region = ("M", "North") if row in (17, 40, 41, 90) else (sex, "Islet" if row in (3, 4, 5) else region)
        health = "none" if row in (17, 90) else dice.choices(["none", "asthma"], [70, 30])[0]
        health = "tuberculosis" if row in rare else health
        why, pay = dice.choice(["work", "family", "both"]), round(dice.lognormvariate(5, 0.7), 2)
        pay = 987654.32 if row == 50 else pay
        lines.append(f"KQ-{row:04},{sex},{region},{health},{why},{pay},{0.8 if sex == 'M' else 1.42},lighthouse{row}")
    return "\n".join(lines) + "\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, run: Callable[..., Any]) -> Path:
    """A study of migrants whose claims state exactly what is withheld."""
    (tmp_path / "d.csv").write_text(people(), encoding="utf-8")
    (tmp_path / "s.toml").write_text(STUDY.format(rare="1%", pay="1"), encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    true = rows(run, "--no-protect")
    rare = true["health", "tuberculosis", ()]["estimate"]
    pay = true["pay", None, ()]["estimate"]
    (tmp_path / "s.toml").write_text(STUDY.format(rare=f"{rare:.1%}", pay=f"{pay:.2f}"), encoding="utf-8")
    return tmp_path


def rows(run: Callable[..., Any], *options: str) -> dict[tuple[Any, ...], dict[str, Any]]:
    done = run("summarize", "s.toml", "--format", "json", *options)
    assert done.status == 0, done.err
    return {(row["variable"], row["level"], tuple(row["by"].values())): row for row in done.json["rows"]}


def secrets(run: Callable[..., Any]) -> tuple[list[float], list[float]]:
    """Numbers that are withheld in every door, and those that are shown."""
    true, safe = rows(run, "--no-protect"), rows(run)
    keys = ("estimate", "se", "ci_low", "ci_high", "cv", "deff", "n_weighted")
    hidden = [float(true[each][key]) for each in true for key in keys if withheld(safe, each) and true[each][key]]
    hidden += [
        float(true[each][key]) for each in true for key in keys[1:] if true[each][key] and not withheld(safe, each)
    ]
    told = [float(row[key]) for row in safe.values() for key in (*keys, "count", "n") if row[key] is not None]
    assert len(hidden) > 40 and len(told) > 10
    return hidden, told


def withheld(safe: dict[tuple[Any, ...], dict[str, Any]], key: tuple[Any, ...]) -> bool:
    """Whether a row is withheld, or is put together with others so that its name is gone."""
    return key not in safe or safe[key]["flag"] == "suppressed"


def leaks(text: str, hidden: list[float], told: list[float], known: str, least: int = DIGITS) -> Iterator[str]:
    """Numbers of a text that are withheld ones, rounded as they stand there, and nothing that is shown."""
    public = {round(value, places) for value in _forms(told) for places in range(7)}
    public |= {round(value, places) for _, value, _ in numbers(known) for places in range(7)}
    secret = {(round(value, places), places) for value in _forms(hidden) for places in range(1, 7)}
    for token, value, places in numbers(text):
        digits, places = len(token.replace(".", "").lstrip("-0")), min(places, 6)
        value = round(abs(value), places)
        if digits >= least and places and (value, places) in secret and value not in public:
            yield token


def _forms(values: list[float]) -> Iterator[float]:
    for value in values:
        yield from (abs(value), 100 * abs(value), 1 - abs(value), 100 * (1 - abs(value)))


DOORS: dict[str, list[tuple[str, ...]]] = {
    "tables": [("summarize", "s.toml", "-o", f"out/t.{suffix}") for suffix in
               ("txt", "csv", "json", "md", "html", "tex", "xlsx", "docx")],
    "audit": [("summarize", "s.toml", "--audit", "-o", f"out/a.{suffix}") for suffix in ("json", "txt")],
    "explained": [("summarize", "s.toml", "--explain", "-o", f"out/e.{suffix}") for suffix in ("txt", "json", "html")],
    "compared": [("compare", "d.csv", "health", "--by", "sex", "-w", "w", "--protect", "-o", f"out/c.{suffix}")
                 for suffix in ("txt", "json", "csv")],
    "claims": [("reproduce", "s.toml", "-o", f"out/r.{suffix}")
               for suffix in ("txt", "json", "html", "docx", "xlsx", "csv")],
    "codebook": [("codebook", "s.toml", "-o", f"out/b.{suffix}") for suffix in ("txt", "json", "html", "xlsx", "docx")],
    "checks": [("check", "s.toml", "-o", f"out/k.{suffix}") for suffix in ("txt", "json", "html")],
    "risk": [("check", "s.toml", "--risk", "-o", f"out/i.{suffix}") for suffix in ("txt", "json")],
    "charts": [("chart", "s.toml", "-o", "out/charts", "--alt", "--data", "--format", form)
               for form in ("svg", "png", "pdf")],
    "doubt": [("doubt", "s.toml", "--draws", "20", "-o", f"out/d.{suffix}") for suffix in ("txt", "json")],
    "manifest": [("summarize", "s.toml", "-o", "out/m.txt", "--manifest", "out/m.json")],
    "model": [("model", "d.csv", "why == 'work' ~ sex", "-w", "w", "--protect", "-o", f"out/o.{suffix}")
              for suffix in ("txt", "json")],
    "report": [("report", "s.toml", "-o", "out/report", "--manifest", "out/report.json")],
    "errors": [("summarize", "s.toml", "health", "--where", "health == 'tuberculosis' and sex == 'X'"),
               ("summarize", "d.csv", "pay", "--where", "pay > 'a'"), ("summarize", "d.csv", "story", "--protect"),
               ("model", "d.csv", "health == 'tuberculosis' ~ sex", "-w", "w", "--protect"),
               ("summarize", "d.csv", "pay", "--strata", "case_id", "--protect"),
               ("summarize", "d.csv", "helth", "--protect")],
}  # fmt: skip
QUOTING = {"claims", "report", "errors"}  # what the study or the command line itself says of a rare answer


@pytest.mark.parametrize("door", DOORS)
def test_no_withheld_number_and_no_single_answer_in_any_byte(door: str, folder: Path, run: Callable[..., Any]) -> None:
    hidden, told = secrets(run)
    (folder / "out").mkdir()
    said = ""
    for command in DOORS[door]:
        done = run(*command, *(["--overwrite"] if door == "charts" else []))
        assert done.status in ((2, 3, 4) if door == "errors" else (0, 1)), done.err
        said += done.out + done.err
    files = [path for path in (folder / "out").rglob("*") if path.is_file()]
    assert door == "errors" or files
    for text, name in [(said, "screen"), *((shown(path), path.name) for path in files)]:
        least = DIGITS + (door == "model")  # whose own figures have three digits
        found = list(leaks(text, hidden, told, (folder / "s.toml").read_text(encoding="utf-8"), least))
        assert not found, (name, found[:5])
        for word in ("lighthouse", "KQ-", "987654", "987,654"):
            assert word not in text, (name, word)
        if door not in QUOTING:
            assert "tuberculosis" not in text, name


def test_the_search_finds_what_a_run_without_protection_shows(folder: Path, run: Callable[..., Any]) -> None:
    """Every kind of file is really read: the same search on the same files without the gate finds leaks in each."""
    hidden, told = secrets(run)
    known = (folder / "s.toml").read_text(encoding="utf-8")
    for suffix in ("txt", "csv", "json", "md", "html", "tex", "xlsx", "docx"):
        run("summarize", "s.toml", "--no-protect", "-o", f"open.{suffix}")
        assert list(leaks(shown(folder / f"open.{suffix}"), hidden, told, known)), suffix
    run("chart", "s.toml", "--no-protect", "-o", "open", "--alt", "--data", "--format", "svg", "--decimals", "2")
    for name in ("health.alt.txt", "health.csv"):
        assert list(leaks(shown(folder / "open" / name), hidden, told, known)), name
    run("report", "s.toml", "--no-protect", "-o", "wide")
    for name in ("report.html", "report.docx"):
        assert list(leaks(shown(folder / "wide" / name), hidden, told, known)), name


def test_an_alternative_text_tells_no_more_than_its_chart(folder: Path, run: Callable[..., Any]) -> None:
    """Every number in the words of a chart is a figure of the rows beside it, whole percents included."""
    assert run("chart", "s.toml", "-o", "c", "--alt", "--data", "--format", "svg").status == 0
    told = [value for _, value, _ in numbers(shown(folder / "c" / "health.csv"))]
    public = {round(value, 2) for value in _forms(told)} | {95.0}
    words = shown(folder / "c" / "health.alt.txt")
    assert "not shown" in words and {round(value, 2) for _, value, _ in numbers(words)} <= public


def test_a_claim_about_a_withheld_figure_is_not_confirmed(folder: Path, run: Callable[..., Any]) -> None:
    """A published figure that is exactly the withheld one gets the verdict that any other would get."""
    done = run("reproduce", "s.toml", "--format", "json")
    verdicts = {each["id"]: each for each in done.json["claims"]}
    (folder / "s.toml").write_text(STUDY.format(rare="7.7%", pay="5"), encoding="utf-8")
    wrong = {each["id"]: each for each in run("reproduce", "s.toml", "--format", "json").json["claims"]}
    for name in ("rare", "mean"):
        assert verdicts[name]["verdict"] == wrong[name]["verdict"] == "cannot"
        assert verdicts[name]["explanation"] == wrong[name]["explanation"]
        assert verdicts[name]["estimate"] is None and verdicts[name]["n"] is None


def test_the_hashes_of_a_manifest_are_no_oracle(folder: Path, run: Callable[..., Any]) -> None:
    """Who gave a withheld answer changes no hash but that of the data file: there is nothing to try candidates on."""
    found = []
    for swap in (False, True):
        (folder / "d.csv").write_text(people(swap), encoding="utf-8")
        assert run("summarize", "s.toml", "-o", f"t{swap}.txt", "--manifest", f"m{swap}.json").status == 0
        found.append(json.loads((folder / f"m{swap}.json").read_text(encoding="utf-8")))
    assert found[0]["data"]["sha256"] != found[1]["data"]["sha256"]
    assert found[0]["tables"] == found[1]["tables"]


def test_what_a_notebook_shows(folder: Path, run: Callable[..., Any]) -> None:
    """``repr``, ``str``, the page of a notebook, frames and saved files of the Python interface."""
    import surveytool as st

    hidden, told = secrets(run)
    made = st.summarize("s.toml")
    made.save("n.xlsx")
    survey = st.read("d.csv", design=st.Design(weights="w"))
    texts = [repr(made), str(made), made._repr_html_(), made.to_pandas().to_csv(), shown(folder / "n.xlsx")]
    texts += [repr(each) for each in (survey, survey.codebook["health"], survey.provenance, survey.design)]
    for text in texts:
        assert not list(leaks(text, hidden, told, ""))
        assert not any(word in text for word in ("lighthouse", "KQ-", "987654"))
