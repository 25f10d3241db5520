"""What labels say of codes, in every format alike; and a typed name is the name that tables print."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pyreadstat
import pytest

import surveytool as st
from surveytool.survey import Level, find_level, printed_names
from surveytool.survey.non_answers import non_answer, non_answers

NO_ANSWERS = {
    "dont_know": (
        "Don't know", "DON’T KNOW", "98 - Don't know", "Don't know (98)", "DK", "Don't know [DNR]", "dont_know", "dnk",
        "I don't know", "CANT CHOOSE", "No sabe", "NS/NR", "No sabe / No responde", "no_sabe", "Ne sait pas",
        "je_ne_sais_pas", "Não sabe", "لا أعرف", "Mwen pa konnen", "Не знаю", "Затрудняюсь ответить",
        "不知道", "不知道/拒答",
    ),
    "refused": (
        "Refused", "-9. Refused", "Refused (vol.)", "Prefer not to say", "prefer_not_to_answer", "pnta",
        "Prefiere no responder", "Refus de répondre", "ne_veut_pas_repondre", "Recusou", "رفض الإجابة",
        "Refize reponn", "Отказ от ответа", "拒绝回答",
    ),
    "not_asked": (
        "Not applicable", "N/A", "n_a", "IAP", "No aplica", "Sans objet", "Não se aplica", "لا ينطبق", "Pa aplikab",
        "Не применимо", "不适用",
    ),
    "not_answered": (
        "No answer", "Missing", "Missing / DK", "Sin respuesta", "manquant", "Sem resposta", "لا إجابة", "Pa reponn",
        "Нет ответа", "无回答",
    ),
}  # fmt: skip
ANSWERS = (
    "Asylum claim refused", "I was not asked for papers", "Registered (or DK)", "Not registered (or DK/RF)",
    "MOTHER; FA. DK", "NO / NOT ASKED", "Refused to be interviewed", "Not applicable to my religious beliefs",
    "3 - Neutral / Not sure", "Other/Don't know", "None", "No", "Non", "Blanco", "Missing teeth", "99", "",
)  # fmt: skip


@pytest.mark.parametrize(("kind", "label"), [(kind, label) for kind, labels in NO_ANSWERS.items() for label in labels])
def test_a_whole_label_says_that_there_is_no_answer(kind: str, label: str) -> None:
    assert non_answer(label) == kind


@pytest.mark.parametrize("label", ANSWERS)
def test_a_word_inside_of_a_label_says_nothing(label: str) -> None:
    assert non_answer(label) is None


def test_a_state_among_states_is_an_answer() -> None:
    assert non_answers(["NC", "ND", "SD", "CA", "TX", "NY"]) == (None,) * 6
    assert non_answers(["Yes", "No", "ND"])[2] == "not_answered"


AGES = [20.0, 30.0, 40.0, 50.0, 98.0, 99.0] * 4
FRAME = {
    "age": AGES,
    "china": [0.0, 5.0, 10.0, 7.0, 99.0, 3.0] * 4,
    "partner": [0.0, 1.0, 2.0, 1.0, 2.0, 1.0] * 4,
    "papers": [1.0, 2.0, 3.0, 1.0, 2.0, 1.0] * 4,
    "few": [1.0, 2.0, 3.0, 4.0, 5.0, 8.0] * 4,
}
LABELS: dict[str, dict[int, str]] = {
    "age": {98: "Refused", 99: "Don't know"},
    "china": {0: "Not democratic", 10: "Fully democratic", 99: "Don't know"},
    "partner": {1: "Sí", 2: "No"},
    "papers": {1: "Granted", 2: "Refused by the court", 3: "Don't know"},
    "few": {1: "Never", 2: "Rarely", 3: "Sometimes", 4: "Often", 5: "Always", 8: "Don't know"},
}


@pytest.fixture(params=["sav", "dta"])
def labelled(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """The same survey as .sav, with the measure that haven gives to labelled numbers, and as .dta."""
    path = tmp_path / f"scale.{request.param}"
    frame = pd.DataFrame(FRAME)
    if request.param == "sav":
        pyreadstat.write_sav(
            frame, str(path), variable_value_labels=LABELS, variable_measure=dict.fromkeys(FRAME, "scale")
        )
    else:
        pyreadstat.write_dta(frame.astype(int), str(path), variable_value_labels=LABELS)
    return path


def rows(run: Callable[..., Any], *arguments: object) -> list[dict[str, Any]]:
    done = run("summarize", *arguments, "--format", "json")
    assert done.status == 0, done.err
    return list(json.loads(done.out)["rows"])


def test_labelled_non_answers_are_in_no_mean_and_are_told(labelled: Path, run: Callable[..., Any]) -> None:
    assert rows(run, labelled, "age")[0]["estimate"] == pytest.approx(35)
    assert rows(run, labelled, "china")[0]["estimate"] == pytest.approx(5)
    done = run("summarize", labelled, "age")
    assert "left out: Refused 4, Don't know 4" in " ".join(done.out.split())
    assert "--keep-missing" in done.err and "--keep-missing" not in done.out
    kept = rows(run, labelled, "age", "--keep-missing")[0]
    assert kept["estimate"] == pytest.approx(sum(AGES) / len(AGES))


def test_labels_decide_before_the_measure(labelled: Path) -> None:
    book = st.read(labelled).codebook
    assert {name: book[name].kind for name in FRAME} == {
        "age": "number", "china": "number", "partner": "single", "papers": "single", "few": "single",
    }  # fmt: skip


def test_a_category_has_no_dont_know_among_its_numbers(labelled: Path, run: Callable[..., Any]) -> None:
    found = rows(run, labelled, "few", "--stat", "mean")[0]
    assert (found["estimate"], found["n"]) == (pytest.approx(3), 20)
    assert rows(run, labelled, "partner", "--where", "few >= 4")[0]["n"] == 8
    assert rows(run, labelled, "partner", "--where", "age >= 60 or age < 25")[0]["n"] == 4
    assert rows(run, labelled, "partner", "--where", 'age == "Don\'t know"')[0]["n"] == 4
    assert sum(row["count"] for row in rows(run, labelled, "few")) == 24  # a table shows every answer


def test_a_label_that_is_another_answers_code(tmp_path: Path, run: Callable[..., Any]) -> None:
    """An R factor of 0 to 3 has the codes 1 to 4 in a file."""
    path = tmp_path / "children.sav"
    frame = pd.DataFrame({"children": [1.0, 1, 1, 2, 2, 3, 3, 3, 4, 4], "one": [1.0] * 10})
    pyreadstat.write_sav(frame, str(path), variable_value_labels={"children": {1: "0", 2: "1", 3: "2", 4: "3"}})
    for condition, n in (("children == '1'", 2), ("children == 1", 2), ("children >= 2", 5), ("children < 1", 3)):
        assert rows(run, path, "children", "--where", condition)[0]["n"] == n
    assert rows(run, path, "children", "--stat", "mean")[0]["estimate"] == pytest.approx(1.4)


def test_a_name_of_two_answers_is_refused_with_both(tmp_path: Path, run: Callable[..., Any]) -> None:
    path = tmp_path / "walls.dta"
    frame = pd.DataFrame({"q": [1, 1, 95, 95, 95, 96, 96]})
    pyreadstat.write_dta(frame, str(path), variable_value_labels={"q": {1: "Brick", 95: "Other", 96: "Other"}})
    done = run("summarize", path, "q", "--where", "q == 'Other'")
    assert done.status == 2 and "'Other [95]', 'Other [96]'" in done.err
    assert rows(run, path, "q", "--where", "q == 'Other [96]'")[0]["n"] == 2
    assert rows(run, path, "q", "--where", "q != 'Other [96]'")[0]["n"] == 5


WORDS = ["0", "1", "2", "3", "Other", "Other", "Yes", "No", "Don't know", "Refused", "x", "Other [3]", "10"]


def generated(seed: int, folder: Path) -> tuple[Path, str]:
    """A file of one question whose labels are drawn: codes of others, the same twice, or none."""
    drawn = random.Random(seed)
    codes = drawn.sample(range(8), drawn.randint(2, 6))
    labels = {code: drawn.choice(WORDS) for code in codes if drawn.random() < 0.8}
    values = [float(drawn.choice(codes)) for _ in range(40)]
    path = folder / f"{seed}.{drawn.choice(['sav', 'dta'])}"
    frame = pd.DataFrame({"q": values})
    if path.suffix == ".sav":
        measure = {"q": drawn.choice(["scale", "nominal"])}
        pyreadstat.write_sav(frame, str(path), variable_value_labels={"q": labels}, variable_measure=measure)
    else:
        pyreadstat.write_dta(frame.astype(int), str(path), variable_value_labels={"q": labels})
    return path, drawn.choice(["==", "in"])


@pytest.mark.parametrize("seed", range(60))
def test_a_printed_name_selects_what_is_printed(seed: int, tmp_path: Path) -> None:
    """The law of names: for every file and level."""
    path, sign = generated(seed, tmp_path)
    survey = st.read(path, kinds={"q": "single"})
    printed = [row for row in st.summarize(survey, "q").rows if row.level is not None]
    assert len({row.level for row in printed}) == len(printed)
    for row in printed:
        name = str(row.level).replace("'", "\\'")
        condition = f"q == '{name}'" if sign == "==" else f"q in ('{name}')"
        if not row.count:
            continue
        chosen = st.summarize(survey, "q", where=condition).rows
        assert {each.n for each in chosen} == {row.count}, (condition, row.count)


def test_every_level_is_found_by_its_printed_name() -> None:
    levels = [Level(code=float(code), label=label) for code, label in enumerate(WORDS)]
    for place, name in enumerate(printed_names(levels)):
        assert find_level(levels, name) == place
