"""The parts put together: a commented, valid study that can be used unedited."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import field
from pathlib import Path

from surveytool.checks.raw_survey import RawSurvey
from surveytool.frozen import frozen
from surveytool.notes import Note
from surveytool.reading.loaded import Dialect
from surveytool.study_draft import toml_text as toml
from surveytool.study_draft.design_guess import Guess, guesses
from surveytool.study_draft.drafted_indicators import drafted_indicators
from surveytool.study_draft.drafted_recodes import bands, routes, several
from surveytool.study_draft.drafted_rosters import rosters
from surveytool.study_draft.drafted_tables import examples, tables
from surveytool.study_draft.drafted_variables import questions
from surveytool.study_draft.sampling_frame import SamplingFrame
from surveytool.survey import Survey
from surveytool.text import Words


@frozen
class Plan:
    """Where the study will stand and how its data are read; ``accept`` applies what is guessed of the design.

    ``address`` is that of a table on a server, without a password; it stands in the place of a file. ``tool`` is the
    form of the data, ``known`` are the questions that it explains, ``languages`` those of its labels. ``keep`` is a
    condition on the rows that count, ``unique`` the column that names an interview where some came twice; ``frame`` is
    a sampling frame that makes weights and strata.
    """

    data: Path
    address: str | None = None
    target: Path | None = None
    encoding: str | None = None
    sheet: str | None = None
    dialect: Dialect = field(default_factory=Dialect)
    accept: bool = False
    log: Path | None = None
    loa: Path | None = None
    codebook: Path | None = None
    tool: Path | None = None
    known: frozenset[str] = field(default_factory=frozenset)
    languages: tuple[str, ...] = ()
    form_title: str = ""
    keep: str = ""
    unique: str = ""
    frame: SamplingFrame | None = None

    @property
    def title(self) -> str:
        """The data's own name, for want of a better one."""
        if self.form_title:
            return self.form_title
        if self.address is None:
            return self.data.name.partition(".")[0]
        return self.address.rpartition("/")[2].rpartition("::")[2].rpartition(".")[2] or self.address

    def path(self, file: Path | None = None) -> str:
        """The data, or another file, seen from the study file, so that both can be moved together."""
        folder = self.target.parent if self.target is not None else Path()
        whole = file or self.data
        try:
            return os.path.relpath(whole, folder).replace(os.sep, "/")
        except ValueError:  # another drive
            return str(whole).replace(os.sep, "/")


def draft(survey: Survey, plan: Plan, words: Words) -> str:
    """The text of a first study file; nothing of the design is applied unless ``plan.accept``."""
    raw = RawSurvey(survey)
    found = guesses(raw)
    if plan.frame is not None:
        found = [*plan.frame.guesses(), *(guess for guess in found if guess.setting not in ("weights", "strata"))]
    design = {name for guess in found for name in _columns(guess)}
    parts = [
        _head(plan, words), _data(plan, words), _design(found, plan, words),
        () if plan.address else rosters(plan.data, plan.sheet, words), questions(raw, words, plan.known),
        plan.frame.recode(words) if plan.frame is not None else (),
        bands(raw, words), several(raw, words), drafted_indicators(raw, words), routes(raw, words),
        listed(plan) if plan.loa is not None else tables(raw, words, design, plan.known),
        examples(raw, words, design), _end(words),
    ]  # fmt: skip
    return "\n".join(line for part in parts for line in part) + "\n"


def listed(plan: Plan) -> Iterator[str]:
    """The tables of a list of analysis."""
    if plan.loa is not None:
        yield from ("[[tables]]", toml.setting("loa", plan.path(plan.loa)), "")


def _columns(guess: Guess) -> tuple[str, ...]:
    if isinstance(guess.value, str):
        return (guess.value, *guess.others)
    return (*guess.value, *guess.others) if isinstance(guess.value, list) else ()


def _head(plan: Plan, words: Words) -> Iterator[str]:
    yield toml.comment(words.fill("draft_head", name=plan.address or plan.data.name))
    yield toml.comment(words.word("draft_how"))
    yield ""
    yield "[study]"
    yield toml.setting("title", plan.title)
    yield toml.setting("languages", list(plan.languages) or [words.language])
    yield toml.proposed(f"{toml.setting('source', words.word('draft_source'))}")
    yield toml.proposed(f"{toml.setting('migrants', True)}  {toml.comment(words.word('draft_migrants'))}")
    yield ""


def _data(plan: Plan, words: Words) -> Iterator[str]:
    yield "[data]"
    yield toml.setting("path", plan.address or plan.path())
    yield from [toml.setting("encoding", plan.encoding)] if plan.encoding else []
    yield from [toml.setting("sheet", plan.sheet)] if plan.sheet else []
    yield from [toml.setting("log", plan.path(plan.log))] if plan.log is not None else []
    yield from [toml.setting("codebook", plan.path(plan.codebook))] if plan.codebook is not None else []
    for name in ("decimal_mark", "header", "skip"):
        value = getattr(plan.dialect, name)
        yield from [toml.setting(name, value)] if value is not None else []
    if plan.tool is not None:
        yield f"{toml.setting('tool', plan.path(plan.tool))}  {toml.comment(words.word('draft_tool'))}"
    rules: list[tuple[str, object, str]] = [("keep", plan.keep, "draft_keep")] if plan.keep else []
    rules += [("duplicates", {"by": plan.unique}, "draft_duplicates")] if plan.unique else []
    for name, rule, why in rules:
        line = f"{toml.setting(name, rule)}  {toml.comment(words.word(why))}"
        yield line if plan.accept else toml.proposed(line)
    yield ""


def _design(guesses: list[Guess], plan: Plan, words: Words) -> Iterator[str]:
    yield "[design]"
    yield toml.comment(words.word(_design_word(guesses, plan)))
    simple = [guess for guess in guesses if guess.setting != "replicates"]
    for each in simple:
        line = f"{toml.setting(each.setting, each.value)}  {toml.comment(_why(each.why, words))}"
        yield line if plan.accept else toml.proposed(line)
        if each.others:
            yield toml.comment(words.fill("draft_others", names=words.join(each.others)))
    sample = f"{toml.setting('sample', 'convenience')}  {toml.comment(words.word('draft_sample'))}"
    yield toml.proposed(sample)
    alone = plan.frame is not None and plan.frame.alone
    if alone or any(guess.setting == "psu" for guess in guesses):
        policy = f"{toml.setting('lonely_psu', 'adjust')}  {toml.comment(words.word('draft_lonely'))}"
        yield policy if alone and plan.accept else toml.proposed(policy)
    for guess in guesses:
        if guess.setting == "replicates":
            yield toml.comment(_why(guess.why, words))
            yield toml.proposed(toml.setting("replicates", guess.value))
    yield ""


def _design_word(guesses: list[Guess], plan: Plan) -> str:
    return "draft_no_design" if not guesses else "draft_accepted" if plan.accept else "draft_proposed"


def _why(why: Note, words: Words) -> str:
    return words.say(why)


def _end(words: Words) -> Iterator[str]:
    yield toml.comment(words.word("draft_output"))
    yield toml.proposed("[output]")
    yield toml.proposed(toml.setting("language", words.language))
