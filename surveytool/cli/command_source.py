"""The one way in: SOURCE is a data file or a study file, and what was typed wins over the study.

way = Way(source, given)
survey = way.survey(columns)     # read, or opened with the study's labels, recodes and design
target = way.target()            # --lang, --decimals, --format: typed, else the study's
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from surveytool.cli.option_groups import design_of, order_of, reading_of
from surveytool.cli.output_target import Target
from surveytool.cli.recruitment_options import recruitment_of, rounds_of
from surveytool.errors import UnknownVariable, UsageError
from surveytool.notes import ADVICE, Note
from surveytool.survey import Design, Survey
from surveytool.survey.setting import choice

if TYPE_CHECKING:
    from surveytool.estimate.result import Results
    from surveytool.study.study_file import Study

STUDY_SUFFIX = ".toml"
ENGINES = ("memory", "spark")
# options of a command that are settings of [output] under another name, or the same
OUTPUT = {"lang": "language", "decimals": "decimals", "format": "format", "theme": "theme"}
DESIGN = ("weights", "strata", "psu", "fpc", "nest", "lonely_psu", "sample", "df")
# options of a command that are fields of a request under another name, or the same
REQUEST = {
    "stat": "statistic", "where": "where", "base": "base", "ci": "interval", "quantile_rule": "quantile_rule",
    "level": "level", "exclude": "exclude", "no_total": "total", "percent": "percent", "sort": "sort",
    "sort_by": "sort_by",
}  # fmt: skip


def is_study(source: str) -> bool:
    """Whether SOURCE is a study file."""
    return source.lower().endswith(STUDY_SUFFIX)


def typed(option: str) -> bool:
    """Whether an option of the running command stands on its command line (or in the environment)."""
    import click

    context = click.get_current_context(silent=True)
    if context is None:
        return False
    found = context.get_parameter_source(option)
    return found is not None and found.name in ("COMMANDLINE", "ENVIRONMENT", "PROMPT")


class CommandSource:
    """SOURCE with the options given: ``study`` is None for a data file; one that is read already is taken.

    ``advice`` tells the analyst on stderr what the data look like; ``check`` tells it in its own way.
    """

    advice = True

    def __init__(self, source: str, given: Mapping[str, Any], study: Study | None = None) -> None:
        self.source = source
        self.study = study or _study(source)
        self.given = dict(given)
        self.opened: Survey | None = None
        if self.study is not None:
            self.given |= _settings(self.study, given)

    @property
    def language(self) -> str:
        """The language of words and labels."""
        return str(self.given.get("lang", "en"))

    @cached_property
    def design(self) -> Design:
        """The study's design with what was typed over it; the options' own for a data file."""
        if "weights" not in self.given:
            return self.study.design if self.study is not None else Design()
        usual = self.study.design if self.study is not None else Design()
        ways: dict[str, Any] = {
            "recruitment": recruitment_of(self.given, typed, usual.recruitment),
            "rounds": rounds_of(self.given, typed, usual.rounds),
            "as_if_random": bool(self.given.get("as_if_random")) or usual.as_if_random,
        }
        if self.study is None:
            return design_of(self.given, ways)
        flags = design_of(self.given, {})
        changed = {name: getattr(flags, name) for name in DESIGN if typed(name)}
        changed |= {"replicates": flags.replicates} if typed("replicate_weights") else {}
        return replace(self.study.design, **changed, **ways)

    def survey(self, columns: Iterable[str] | None) -> Survey:
        """The survey with its gate; ``columns`` are the variables that are needed, None for all."""
        from surveytool.cli.protection_options import guarded, site_of

        rules = self.study.protect if self.study is not None else None
        migrants = self.study is not None and self.study.about.migrants
        wanted = None if columns is None else [*columns, *site_of(self.given, rules)]
        self.opened = guarded(self._advised(self._with_routes(wanted)), self.given, rules, migrants=migrants)
        return self._noted(self.opened)

    def audit(self, results: Sequence[Results]) -> None:
        """Say on the screen what an attack on the run's own figures found, where ``--audit`` asks for it."""
        from surveytool.cli import screen
        from surveytool.text import words

        if self.opened is None or self.opened.gate is None:
            return
        from surveytool.disclosure_audit import audit_notes

        said = words(self.language)
        for each in audit_notes(self.opened, results, said):
            screen.remark(said.say(each))

    def _advised(self, survey: Survey) -> Survey:
        """The survey; what the analyst should know and no publication should say is kept for the end of the run."""
        ledger = self.given.get("ledger")
        design = set(survey.design.columns())
        found = [each for each in survey.notes if each.code in ADVICE and not _of_design(each, design)]
        if found and ledger is not None and self.advice:
            from surveytool.text import words

            ledger.advice += [words(self.language).say(each) for each in found]
        return survey

    def _noted(self, survey: Survey) -> Survey:
        """The survey, once the run's ledger knows where it comes from."""
        ledger = self.given.get("ledger")
        if ledger is not None:
            data = self.source if self.study is None else self.study.data_source
            ledger.opened(survey, data, None if self.study is None else self.study.path)
        return survey

    def _with_routes(self, columns: Iterable[str] | None) -> Survey:
        """The survey with the routes of the command line; large data stay a stream."""
        if not self.given.get("route"):
            return self._survey(columns)
        from surveytool.recoding import Route, add_route, columns_to_read
        from surveytool.recoding.column_patterns import parsed

        routes = [Route(**parsed(text)) for text in self.given["route"]]
        survey = self._survey(columns_to_read(None if columns is None else list(columns), routes))
        for route in routes:
            survey = add_route(survey, route, self.language)
        return survey

    def _survey(self, columns: Iterable[str] | None) -> Survey:
        """What the file or the study has, or the rows of the roster that was named."""
        if not self.given.get("roster"):
            return self._respondents(columns, stream=True)
        from surveytool.rosters import roster
        from surveytool.rosters.roster_links import Sheets

        reading = reading_of(self.given)
        survey = self._respondents(None, stream=False)
        path = str(self.study.data_source if self.study is not None else self.source)
        sheets = Sheets(path=path, folder=Path(path).parent, encoding=reading["encoding"], main=reading["sheet"])
        rows: Survey = roster(survey, str(self.given["roster"]), sheets)
        return rows

    def _respondents(self, columns: Iterable[str] | None, *, stream: bool) -> Survey:
        """What the file or the study has, without the routes of the command line."""
        reading, place = reading_of(self.given), self._engine()
        if self.study is None:
            from surveytool.reading import read

            wanted = None if columns is None else list(columns)
            survey = read(self.source, design=self.design, columns=wanted, stream=stream, **place, **reading)
            self._known(reading["kinds"] or {}, survey)
            return survey
        from surveytool.study.study_survey import Reading, open_study

        asked = Reading(
            design=self.design, encoding=reading["encoding"], sheet=reading["sheet"], kinds=reading["kinds"] or {},
            keep_missing=reading["keep_missing"],
            dialect=reading["dialect"], codebook=reading["codebook"],
            **place,
        )  # fmt: skip
        survey = open_study(
            self.study, language=self.language, columns=columns, reading=asked, gate=False, stream=stream
        )  # fmt: skip
        self._known(reading["kinds"] or {}, survey)
        return survey

    def _known(self, kinds: Iterable[str], survey: Survey) -> None:
        """Refuse ``--kind`` of a column that the file does not have; it may have more than were read."""
        for name in kinds:
            if name not in survey.codebook:
                known = _columns(self.source)
                if known and name not in known:
                    raise UnknownVariable(name, known, "--kind")

    def _engine(self) -> dict[str, Any]:
        """Where respondents are counted."""
        engine, spark = self.given.get("engine", "memory"), self.given.get("spark")
        choice(engine, ENGINES, "--engine")
        if spark is not None and engine != "spark":
            raise UsageError("needs --engine spark.", "--spark", "Write --engine spark as well.")
        return {"engine": None if engine == "memory" else engine, "spark": spark}

    def target(self) -> Target:
        """Where the output goes, checked: never over the study or its data."""
        target = Target(
            self.given["format"], self.given["output"], self.given["overwrite"], self.language, self.source
        )  # fmt: skip
        target.check()
        target.ledger = self.given.get("ledger")
        data = self.study.data_path if self.study is not None else None
        there = data is not None and target.path is not None and target.path.exists() and data.exists()
        if there and target.path.samefile(data):  # type: ignore[union-attr, arg-type]
            raise UsageError("is the data file itself.", str(target.path), "Name another file.")
        return target

    def typed_request(self) -> dict[str, Any]:
        """The fields of a request that were typed; they win over those of every table of the study."""
        found = {name: self.given[option] for option, name in REQUEST.items() if option in self.given and typed(option)}
        if "exclude" in found:
            found["exclude"] = tuple(found["exclude"] or ())
        if "total" in found:
            found["total"] = not found["total"]
        return {**found, **{name: value for name, value in order_of(self.given).items() if name in found}}


def _of_design(given: Note, design: set[str]) -> bool:
    """Whether a note is about columns of the design alone, of which nobody takes a mean."""
    names = dict(given.values).get("variables")
    return given.code == "nearly_numbers" and isinstance(names, tuple) and set(names) <= design


def _columns(source: str) -> list[str]:
    """Every column of a data file or of a table; none where they are not known."""
    from surveytool.reading.address import is_address

    if is_address(source):
        from surveytool.reading import server

        return server.names(source)
    from surveytool.cli.completion import names

    return names(source)


def _study(source: str) -> Study | None:
    if not is_study(source):
        return None
    from surveytool.study import load_study

    return load_study(Path(source))


def _settings(study: Study, given: Mapping[str, Any]) -> dict[str, Any]:
    """The study's [output] where the command line says nothing; a file's suffix decides its format."""
    values = {
        "lang": study.language,
        **{name: getattr(study.output, field) for name, field in OUTPUT.items() if name != "lang"},
    }
    if given.get("output") is not None or typed("explain"):
        values["format"] = None
    return {name: value for name, value in values.items() if value is not None and name in given and not typed(name)}
