"""``surveytool FILE``: what the file is, and which line to type next."""

from __future__ import annotations

import shlex
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from surveytool.cli import options as o
from surveytool.cli import screen
from surveytool.cli.option_groups import READING, read_whole, takes

if TYPE_CHECKING:
    from surveytool.survey import Survey
    from surveytool.text import Words

DOCUMENTS = (".docx", ".pdf", ".html", ".htm", ".md", ".txt")
FORM_SHEETS = {"survey", "choices"}
Step = tuple[str, str]


@takes(READING)
def look(source: o.Source, given: Mapping[str, Any], lang: o.Lang = "en") -> None:
    """What a file is, and which line to type next."""
    from surveytool.text import words

    said, name = words(lang), shlex.quote(source)
    if source.lower().endswith(".toml"):
        lines, steps = _study(source, said)
    elif Path(source).suffix.lower() in DOCUMENTS:
        lines = [said.fill("look_document", path=source)]
        steps = [(f"surveytool proofread {name} --study STUDY.toml", ""), (f"surveytool proofread {name}", "")]
    elif _is_form(source):
        lines = [said.fill("look_form", path=source)]
        steps = [(f"surveytool new EXPORT --tool {name} -o study.toml", said.word("look_new"))]
    else:
        lines, steps = _data(source, read_whole(source, given), said)
    width = max(len(command) for command, _ in steps)
    told = [f"  {command:{width}}  {what}".rstrip() for command, what in steps]
    screen.out("".join(f"{line}\n" for line in [*lines, said.word("look_next"), *told]).encode("utf-8"))


def _study(source: str, said: Words) -> tuple[list[str], list[Step]]:
    """A study file: its title, its data, how much it asks."""
    from surveytool.study import load_study
    from surveytool.survey.label import said as in_language

    study, name = load_study(source), shlex.quote(source)
    title = in_language(study.about.title, said.language)
    values = {"path": source, "title": f" ({title})" if title else "", "claims": len(study.claims)}
    reproduce = (f"surveytool reproduce {name}", said.word("look_reproduce"))
    if study.data is None:
        return [said.fill("look_study_no_data", **values)], [reproduce]
    line = said.fill("look_study", data=study.data.path, tables=len(study.tables), charts=len(study.charts), **values)
    steps = [(f"surveytool check {name}", said.word("look_check")),
             (f"surveytool summarize {name}", said.word("look_summarize")),
             *([reproduce] if study.claims else []),
             (f"surveytool report {name} -o report.docx", said.word("look_report"))]  # fmt: skip
    return [line], steps


def _data(source: str, survey: Survey, said: Words) -> tuple[list[str], list[Step]]:
    """A data file: respondents, questions by kind, the column that looks like weights."""
    from surveytool.checks.raw_survey import RawSurvey
    from surveytool.study_draft import guesses

    name = shlex.quote(source)
    kinds = Counter(said.word(f"kind_{variable.kind}") for variable in survey.codebook.values())
    told = said.join([f"{kind} {said.number(n)}" for kind, n in kinds.most_common()])
    first = said.fill("look_data", path=source, n=survey.provenance.rows, columns=len(survey.codebook), kinds=told)
    weights = next((guess.value for guess in guesses(RawSurvey(survey)) if guess.setting == "weights"), None)
    second = said.fill("look_weights", name=weights) if weights else said.word("look_no_weights")
    option = f" -w {shlex.quote(weights)}" if weights else ""
    steps = [(f"surveytool check {name}", said.word("look_check")),
             (f"surveytool codebook {name}", said.word("look_codebook")),
             (f"surveytool summarize {name} {_pair(survey)}{option}", said.word("look_one")),
             (f"surveytool new {name} -o study.toml", said.word("look_new"))]  # fmt: skip
    return [first, second], steps


def _pair(survey: Survey) -> str:
    """A question and a breakdown that this file has, else words in capitals."""
    from surveytool.checks.personal_data import personal
    from surveytool.checks.raw_survey import RawSurvey

    raw = RawSurvey(survey)
    single: Sequence[str] = [name for name, variable in survey.codebook.items()
                             if variable.kind == "single" and 2 <= len(variable.levels) <= 12
                             and personal(raw, name) is None]  # fmt: skip
    if len(single) < 2:
        return "VARIABLE --by GROUP"
    groups = [name for name in single if any(part in name.lower() for part in ("sex", "sexo", "gender", "genre"))]
    group = groups[0] if groups else single[0]
    variable = next(name for name in reversed(single) if name != group)
    return f"{shlex.quote(variable)} --by {shlex.quote(group)}"


def _is_form(source: str) -> bool:
    """Whether a workbook has the sheets of an XLSForm."""
    if Path(source).suffix.lower() not in (".xlsx", ".xls") or not Path(source).is_file():
        return False
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        return {name.lower() for name in CalamineWorkbook.from_path(source).sheet_names} >= FORM_SHEETS
    except (CalamineError, OSError):
        return False
