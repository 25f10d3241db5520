"""A study becomes a survey: its file read once, its variables declared, its recodes made, its language spoken.

What cannot be done is collected, so that every name that the data do not have is
told at once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import field, replace
from typing import TYPE_CHECKING, Any

from surveytool.errors import SurveytoolError, UnreadableData, UsageError
from surveytool.frozen import frozen
from surveytool.notes import note
from surveytool.reading.loaded import Dialect
from surveytool.study.analysis_entries import kinds_of, list_notes, with_made_variables
from surveytool.study.cleaned_source import CleanedSource, cleaned_source
from surveytool.study.needed_columns import Need, need
from surveytool.study.problem import Problem, StudyError
from surveytool.study.problem_words import setting_of
from surveytool.study.sections import Data
from surveytool.study.study_file import Study
from surveytool.study.toml_lines import Place
from surveytool.survey import Codebook, Design, Kind, Survey
from surveytool.survey.label import said

if TYPE_CHECKING:
    from surveytool.study.collected_data import Collected

READ_KINDS = ("single", "number", "date", "text", "id")


@frozen
class Reading:
    """How the command line wants the data read, and where; what is None is the study's."""

    design: Design | None = None
    encoding: str | None = None
    sheet: str | None = None
    dialect: Dialect = field(default_factory=Dialect)
    kinds: Mapping[str, Kind] = field(default_factory=dict)
    keep_missing: bool = False
    codebook: str | None = None
    engine: str | None = None
    spark: str | None = None

    def over(self, data: Data) -> Dialect:
        """How the file is written: as typed, else as the study says."""
        names = ("decimal_mark", "header", "skip")
        own = {name: getattr(self.dialect, name) for name in names}
        dialect = Dialect(**{name: getattr(data, name) if value is None else value for name, value in own.items()})
        if dialect.header is None and data.label_row != "auto":
            return replace(dialect, header=2 if data.label_row == "yes" else 1)
        return dialect


def open_study(
    study: Study, *, language: str | None = None, columns: Iterable[str] | None = None,
    reading: Reading | None = None, gate: bool = True, stream: bool = False,
) -> Survey:  # fmt: skip
    """The survey of a study, with labels in a language (the study's own) and the gate that protects.

    ``columns`` reads what these variables need only; without them everything is read
    and every name of the study is looked up. Raises ``StudyError`` with all that the
    data do not have, ``UnreadableData`` for data that cannot be read. Without ``gate``
    nothing is withheld. ``stream`` leaves large data where they are; recodes are then looked
    up while the respondents go by.
    """
    site = study.protect.site if study.protect is not None else None
    wanted = need(study, [*columns, *([site] if site else [])] if columns is not None else None)
    survey = _read(study, wanted, reading or Reading(), stream=stream, language=language or study.language)
    work = _Work(study, survey, language or study.language)
    work.prepare(wanted)
    if columns is None:
        from surveytool.study.references import references

        work.problems += references(study, _with_other_names(work.survey))
    if work.problems:
        raise StudyError(str(study.path), work.problems)
    spoken = _with_other_names(_spoken(_listed(study, work.survey), study, language or study.language))
    return guarded_study(spoken, study, language or study.language) if gate else spoken


def _listed(study: Study, survey: Survey) -> Survey:
    """The survey with what the study's lists of analysis need, and what is told of them."""
    if not study.lists:
        return survey
    named = _with_other_names(survey)
    made = with_made_variables(study, named)
    book = dict(made.codebook)
    labels = {name: label for each in study.lists for name, label in each.labels.items() if name in book}
    book |= {name: replace(book[name], label=label) for name, label in labels.items() if name not in study.variables}
    return replace(made, codebook=Codebook(book), notes=(*made.notes, *list_notes(study, named)))


def _with_other_names(survey: Survey) -> Survey:
    """The survey whose codebook knows the questions of its rosters by name, and those of its form by the export's."""
    others: dict[str, Any] = {}
    if survey.rosters:
        from surveytool.rosters.joined_rows import names_of

        others |= names_of(survey)
    if survey.form is not None:
        book = survey.codebook.variables
        others |= {name: book[own] for name, own in survey.form.names.items() if own in book and name not in book}
    return replace(survey, codebook=Codebook(dict(survey.codebook), others)) if others else survey


def guarded_study(survey: Survey, study: Study, language: str) -> Survey:
    """The survey with the gate of ``[protect]``; on by itself where the respondents are migrants."""
    from surveytool.disclosure_control import Protection

    rules, migrants = study.protect or Protection(), study.about.migrants
    if not (migrants if rules.active is None else rules.active) and rules.quality == "none":
        return survey
    from surveytool.disclosure_control import guard

    return guard(survey, rules, migrants=migrants, language=language)


def _read(study: Study, need: Need, reading: Reading, *, stream: bool, language: str = "en") -> Survey:
    from surveytool.reading import read
    from surveytool.study.collected_data import collected

    source, path = study.data_source, study.data_path
    if source is None or study.data is None:
        raise UsageError("names no data file.", str(study.path), 'Write [data] with path = "FILE".')
    declared = {name: variable.kind for name, variable in study.variables.items() if variable.kind in READ_KINDS}
    declared = {**kinds_of(study), **declared}
    # an address or a table that the cluster knows
    there = reading.engine is not None and (path is None or not path.exists())
    plan = reading.design or study.design
    try:
        own = plan if reading.engine else _of_the_file(study, plan)
        export = collected(study, need.columns, own, language, there=reading.engine is not None)
        sheet, encoding = reading.sheet or study.data.sheet, reading.encoding or study.data.encoding
        dialect = reading.over(study.data)
        with cleaned_source(study, None if there else source, sheet, encoding, dialect) as cleaned:
            survey = read(
                study.data.path if there else cleaned.path, design=own, columns=export.columns,
                encoding=cleaned.encoding, sheet=sheet,
                kinds={**declared, **reading.kinds} or None,
                keep_missing=reading.keep_missing or study.data.keep_missing,
                stream=stream and not (cleaned.record or export.steps or study.rosters), engine=reading.engine,
                spark=reading.spark, dialect=dialect, prepared=export.steps,
                codebook=reading.codebook or study.beside(study.data.codebook),
            )  # fmt: skip
            if study.rosters and not there:
                survey = _with_rosters(study, survey, cleaned, sheet, dialect, export)
        return export.after(replace(cleaned.told(survey), design=plan))
    except UnreadableData as error:
        line = study.line(("data", "path"))
        if line is None or there or (path is not None and path.exists()):
            raise
        where = f"{study.path}, line {line}"
        raise UnreadableData(f"{path or error.where}: {error.message}", where, error.cure) from error


def _with_rosters(
    study: Study, survey: Survey, cleaned: CleanedSource, sheet: str | None, dialect: Dialect, export: Collected
) -> Survey:
    """The survey with the rosters of the study, read from the file that was read or from files of their own."""
    from surveytool.rosters.roster_links import Sheets, with_rosters

    path = cleaned.path or ""
    folder = study.path.parent
    sheets = Sheets(path=path, folder=folder, encoding=cleaned.encoding, dialect=dialect, main=sheet,
                    prepared=export.of_roster)  # fmt: skip
    return with_rosters(survey, study.rosters, sheets)


def _of_the_file(study: Study, plan: Design) -> Design:
    """A design without the columns that the study makes itself: they come after the file is read."""

    def own(name: str | None) -> str | None:
        return None if name is None or study.makes(name) else name

    calibrated = plan.calibrated
    made = calibrated is not None and any(study.makes(name) for name in calibrated.margins)
    return replace(
        plan, weights=own(plan.weights), strata=own(plan.strata), psu=tuple(filter(own, plan.psu)),
        fpc=tuple(filter(own, plan.fpc)), calibrated=None if made else calibrated,
    )  # fmt: skip


def as_the_file_says(study: Study, survey: Survey, reading: Reading) -> Survey:
    """A study's survey with the codebook of its data file: no variable that the study makes, the file's own labels.

    What is written of it, the study can read again.
    """
    own = _read(study, Need(columns=None), reading, stream=True, language=study.language).codebook
    return replace(survey, codebook=own)


def _spoken(survey: Survey, study: Study, language: str) -> Survey:
    from surveytool.recoding import speak

    source = said(study.about.source, language)
    notes = (note("study_source", text=source),) if source else ()
    book = dict(speak(survey, language).codebook)
    units = {
        name: said(variable.unit, language)
        for name, variable in study.variables.items()
        if variable.unit and name in book
    }
    book |= {name: replace(book[name], unit=unit) for name, unit in units.items()}
    return replace(survey, codebook=Codebook(book), notes=(*survey.notes, *notes))


class _Work:
    """A survey under way, and what did not work."""

    def __init__(self, study: Study, survey: Survey, language: str) -> None:
        self.study, self.survey, self.language = study, survey, language
        self.problems: list[Problem] = []

    def prepare(self, need: Need) -> None:
        """Variables, then recodes in the file's order; a condition is worked in once its names are there."""
        from surveytool.recoding import declare

        waiting = []
        for name, declared in self.study.variables.items():
            if not need.wants(name):
                continue
            place: Place = ("variables", name)
            if self.attempt(place, lambda n=name, d=declared: declare(self.survey, n, d)) and declared.asked_when:  # type: ignore[misc]
                waiting.append(name)
        waiting = self.ask(waiting)
        for own, place, make in self.study.steps(self.language):
            if own is None or need.wants(own):
                self.attempt(place, lambda make=make: make(self.survey))  # type: ignore[misc]
        self.ask(waiting, last=True)

    def ask(self, names: list[str], *, last: bool = False) -> list[str]:
        """Conditions of who was asked; those that need a recode wait for it."""
        from surveytool.aggregate import where_language
        from surveytool.recoding import asked

        waiting = []
        for name in names:
            condition = self.study.variables[name].asked_when or ""
            try:
                names_in = list(where_language.names(where_language.parse(condition)))
            except UsageError:
                continue  # told where the file was read
            if last or all(each in self.survey.codebook for each in names_in):
                self.attempt(("variables", name, "asked_when"), lambda name=name: asked(self.survey, name))  # type: ignore[misc]
            else:
                waiting.append(name)
        return waiting

    def attempt(self, place: Place, make: Callable[[], Survey]) -> bool:
        """Take the step, or keep what is wrong with it."""
        try:
            self.survey = make()
        except SurveytoolError as error:
            if isinstance(error, UnreadableData):
                raise
            self.problems.append(problem_of(self.study, place, error))
            return False
        return True


def problem_of(study: Study, place: Place, error: SurveytoolError) -> Problem:
    """An error of a step as a problem of the setting that it names."""
    inner: Place = (*place, error.where) if error.where and not error.where.startswith("-") else place
    line: Any = study.line(inner)
    head = place if len(place) == 2 else place[:-1]
    return Problem(message=error.message, cure=error.cure, line=line, setting=setting_of(head))
