"""What ``[data]`` says of an export beside its file: the form, the rows that count, the codes that are no answers.

They are steps between the file's content and its codebook, and what is left to do with the survey after it. The
respondents have to be in memory for them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import field
from typing import TYPE_CHECKING, Any

from surveytool.errors import UsageError
from surveytool.frozen import frozen
from surveytool.survey import Design, Survey

if TYPE_CHECKING:
    from surveytool.collection_form.prepared import FormReading
    from surveytool.reading.loaded import Choice
    from surveytool.rosters.roster_links import Prepared
    from surveytool.study.sections import Data
    from surveytool.study.study_file import Study
    from surveytool.survey.roster import Roster


@frozen
class Collected:
    """``steps`` to take before the codebook, ``columns`` to read for them (None: all), and what follows."""

    data: Data
    steps: tuple[Any, ...] = ()
    columns: tuple[str, ...] | Choice | None = None
    form: FormReading | None = None
    filtered: frozenset[str] = field(default_factory=frozenset)

    def of_roster(self, roster: Roster) -> Prepared | None:
        """What the form says of a roster, by the name of its sheet (cut to 31 letters in a workbook) or its own."""
        if self.form is None:
            return None
        from surveytool.collection_form.form_survey import with_form
        from surveytool.collection_form.prepared import FormReading
        from surveytool.rosters.roster_links import Prepared

        repeats = dict.fromkeys(question.repeat for question in self.form.form.questions if question.repeat)
        called = {part for name in (roster.sheet, roster.path, roster.name) if name for part in _parts(name)}
        found = next((name for name in repeats if name in called or name[:31] in called), None)
        if found is None:
            return None
        reading = FormReading(self.form.form, self.form.order, sheet=found)
        return Prepared(step=reading, after=lambda survey: with_form(survey, reading))

    def after(self, survey: Survey) -> Survey:
        """The survey with its form's languages and filters, and with reasons for no answer."""
        if self.data.no_answer:
            from surveytool.collection_form.no_answers import with_reasons

            survey = with_reasons(survey, self.data.no_answer)
        if self.form is not None:
            from surveytool.collection_form.form_survey import with_form

            survey = with_form(survey, self.form, self.filtered)
        return survey


def collected(
    study: Study, columns: Sequence[str] | None, design: Design, language: str, *, there: bool = False
) -> Collected:
    """The steps that ``[data]`` asks for. Raises ``UsageError``, ``UnreadableData`` for a form that cannot be read.

    ``columns`` are the variables that are needed beside those of the ``design``, None for all; ``there`` says that
    the data stay where they are.
    """
    data = study.data
    assert data is not None
    if data.is_collected and columns is not None:
        replicates = design.replicates.columns if design.replicates is not None else ()
        columns = None if replicates or study.rosters or design.units_unknown else [*columns, *design.columns()]
    if not data.is_collected:
        return Collected(data=data, columns=None if columns is None else tuple(columns))
    if there:
        raise UsageError(
            "tool, keep, duplicates and no_answer need the respondents in memory.", "[data]", "Leave out --engine."
        )
    from surveytool.collection_form.no_answers import NoAnswers
    from surveytool.collection_form.rows_kept import RowsKept, names_in

    rules = list(names_in(data.keep, data.duplicates))
    form = _form(study, data, language, None if columns is None else [*columns, *rules])
    steps: list[Any] = [form] if form is not None else []
    if data.keep is not None or data.duplicates is not None:
        names = form.names if form is not None else {}
        steps.append(RowsKept(keep=data.keep, duplicates=data.duplicates, names=names, design=design))
    if data.no_answer:
        steps.append(NoAnswers(kinds=data.no_answer))
    whole = form is not None or columns is None or data.no_answer
    return Collected(
        data=data, steps=tuple(steps), form=form, columns=_to_read(form, None if whole else (*(columns or ()), *rules)),
        filtered=frozenset(name for name, variable in study.variables.items() if variable.asked_when),
    )  # fmt: skip


def _parts(name: str) -> list[str]:
    """A sheet's or file's name, and the end of it: ODK writes ``form-children.csv``."""
    stem = name.rpartition("/")[2].partition(".")[0]
    return [name, stem, stem.rpartition("-")[2]]


def _to_read(form: FormReading | None, columns: tuple[str, ...] | None) -> tuple[str, ...] | Choice | None:
    """The columns to read; with a form those that are its questions."""
    return columns if form is None else form.choice()


def _form(study: Study, data: Data, language: str, needed: Iterable[str] | None) -> FormReading | None:
    """The form, with the questions that are needed and those that their filters ask about."""
    if data.tool is None:
        return None
    from surveytool.collection_form.form_reading import read_form
    from surveytool.collection_form.needed_questions import with_filters
    from surveytool.collection_form.prepared import FormReading

    form = read_form(study.path.parent / data.tool)
    order = [language, *(each for each in study.about.languages if each != language)]
    return FormReading(form, order, None if needed is None else with_filters(form, needed))
