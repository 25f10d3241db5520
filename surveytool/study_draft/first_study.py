"""A first study of a file, with the form that it was collected with where there is one.

The form's labels, lists and filters are not copied into the study: it names the form, and every command reads it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from surveytool.checks.interviews import doubtful
from surveytool.checks.raw_survey import RawSurvey
from surveytool.errors import UsageError
from surveytool.frozen import frozen
from surveytool.study_draft.sampling_frame import read_frame
from surveytool.study_draft.study_text import Plan, draft
from surveytool.survey import Survey
from surveytool.text import words

if TYPE_CHECKING:
    from surveytool.collection_form.prepared import FormReading

UNIQUE = ("_uuid", "meta/instanceID", "instanceID", "KEY", "ResponseId")  # names of an interview, by platforms


@frozen
class FirstStudy:
    """The text of a study file, and the survey that it was drafted from."""

    text: str
    survey: Survey = field(repr=False)


def first_study(
    data: str, plan: Plan, *, lang: str = "en", reading: Mapping[str, Any] | None = None, frame: Path | None = None
) -> FirstStudy:
    """A study of ``data``; ``reading`` are settings of ``read``, ``frame`` is a sampling frame.

    Rows that a platform marks as doubtful, and interviews sent twice, are left out where ``plan.accept`` says so, else
    proposed. Raises as ``read``, and ``UnreadableData`` for a form that is none or is another's.
    """
    settings = dict(reading or {})
    survey, form = _opened(data, plan, lang, settings)
    raw = RawSurvey(survey)
    plan = replace(plan, keep=" and ".join(each.condition for each in doubtful(raw)), unique=_unique(raw))
    if form is not None:
        plan = replace(
            plan, known=frozenset(form.questions), languages=_languages(form.form.languages, lang),
            form_title=form.form.title,
        )  # fmt: skip
    elif spoken := [name for name, each in survey.codebook.items() if len(each.labels) > 1]:
        languages = dict.fromkeys(language for name in spoken for language in survey.codebook[name].labels)
        plan = replace(plan, known=frozenset(spoken), languages=_languages(list(languages), lang))
    if plan.accept and (plan.keep or plan.unique):
        survey, _ = _opened(data, plan, lang, settings)
    if frame is not None:
        plan = replace(plan, frame=read_frame(frame, survey))
    return FirstStudy(text=draft(survey, plan, words(lang)), survey=survey)


def _languages(spoken: Sequence[str], lang: str) -> tuple[str, ...]:
    """The form's languages, the chosen one first where it has it."""
    stem = lang.partition("-")[0]
    return tuple(sorted(spoken, key=lambda language: language not in (lang, stem)))


def _opened(data: str, plan: Plan, lang: str, settings: Mapping[str, Any]) -> tuple[Survey, FormReading | None]:
    """The data with the form, and with the rows that count where the plan has rules for them."""
    from surveytool.reading import read

    form: FormReading | None = None
    steps: list[Any] = []
    if plan.tool is not None:
        from surveytool.collection_form.form_reading import read_form
        from surveytool.collection_form.prepared import FormReading

        form = FormReading(read_form(plan.tool), [lang, lang.partition("-")[0]])
        steps.append(form)
    if plan.keep or plan.unique:
        from surveytool.collection_form.duplicates import Duplicates
        from surveytool.collection_form.rows_kept import RowsKept

        once = Duplicates(by=plan.unique) if plan.unique else None
        steps.append(RowsKept(keep=plan.keep or None, duplicates=once, names=form.names if form is not None else {}))
    survey = read(data, prepared=steps, **settings)
    if form is not None:
        from surveytool.collection_form.form_survey import with_form

        survey = with_form(survey, form)
    return survey, form


def _unique(raw: RawSurvey) -> str:
    """The column that names an interview, where some stand twice in it."""
    for name in raw.names:
        if name in UNIQUE:
            keys, values = raw.keys(name)
            if len(values) < int((keys >= 0).sum()):
                return name
    return ""


def _path(file: str | Path | None) -> Path | None:
    return None if file is None else Path(file)


def new(
    data: str | Path, *, output: str | Path | None = None, tool: str | Path | None = None,
    log: str | Path | None = None, loa: str | Path | None = None, frame: str | Path | None = None, accept: bool = False,
    lang: str = "en", overwrite: bool = False, **reading: Any,
) -> str:  # fmt: skip
    """The text of a first study file of a data file, written to ``output`` where one is named.

    ``tool`` is the form (XLSForm) of the data, ``log`` its cleaning log, ``loa`` a list of analysis, ``frame`` a
    sampling frame (strata and their people) that makes weights; ``accept`` applies what is found of the design and of
    the rows that count; ``reading`` are settings of ``read`` (``sheet``). Raises ``UsageError``, ``UnreadableData``.
    """
    from surveytool.output_files import check_target, write

    target = None if output is None else Path(output)
    if target is not None:
        if target.suffix.lower() != ".toml":
            raise UsageError("a study file ends in .toml.", str(target), f"Write {target.stem or 'study'}.toml")
        check_target(target, overwrite=overwrite, source=Path(data))
    plan = Plan(
        data=Path(data), target=target, tool=_path(tool), log=_path(log), loa=_path(loa), accept=accept,
        encoding=reading.get("encoding"), sheet=reading.get("sheet"),
    )  # fmt: skip
    text = first_study(str(data), plan, lang=lang, reading=reading, frame=_path(frame)).text
    if target is not None:
        write(target, text.encode("utf-8"), overwrite=overwrite)
    return text
