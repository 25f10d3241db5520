"""``[variables.NAME]``: what the file says of each question, ready to be edited and translated."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from surveytool.checks.codes import codes
from surveytool.checks.labels import labelled
from surveytool.checks.personal_data import personal
from surveytool.checks.raw_survey import RawSurvey
from surveytool.checks.skips import Rule, rules
from surveytool.frozen import frozen
from surveytool.notes import note
from surveytool.reading.missing_kind import kind_of_missing, looks_missing
from surveytool.study_draft import toml_text as toml
from surveytool.survey import Variable, code_text
from surveytool.survey.non_answers import among_codes
from surveytool.text import Words

LONGEST_CODE = 3  # letters
REASONS = ("lists_taken_apart", "options_not_asked", "no_parent_named")
INLINE = 4
MOST_LEVELS = 60


@frozen
class Hints:
    """What the data show of a question: its filter, doubtful codes, an earlier question with the same answers."""

    rule: Rule | None
    doubtful: Any
    like: str | None


def questions(raw: RawSurvey, words: Words, known: frozenset[str] = frozenset()) -> Iterator[str]:
    """A table a question; the dummies of a question with several answers are told by the question.

    What the form of the data explains (``known``, and what people wrote in place of an answer) is not written again.
    """
    inside = raw.options | known | {f"{name}_other" for name in known}
    filters = rules(raw)
    doubtful = {
        code.where[0]: dict(code.what.values)["codes"] for code in codes(raw) if code.kind == "missing_codes"
    }  # fmt: skip
    lists: dict[tuple[str, ...], str] = {}
    for name, variable in raw.book.items():
        if name not in inside:
            labels = tuple(level.label for level in variable.valid_levels())
            like = lists.setdefault(labels, name) if len(labels) > INLINE else name
            hints = Hints(rule=filters.get(name), doubtful=doubtful.get(name, ()), like=None if like == name else like)
            yield from _question(raw, name, variable, words, hints)


def _question(raw: RawSurvey, name: str, variable: Variable, words: Words, hints: Hints) -> Iterator[str]:
    hidden = variable.sensitive or any(personal(raw, column) for column in variable.columns or (name,))
    yield f"[variables.{toml.key(name)}]"
    kind = words.word(f"kind_{variable.kind}")
    yield toml.comment(words.fill("draft_question", kind=kind, n=variable.n, missing=variable.n_missing))
    yield from _reasons(raw, name, words)
    yield (toml.setting("label", variable.label) if variable.label else toml.proposed(toml.setting("label", name)))
    if hidden:
        yield f"{toml.setting('sensitive', True)}  {toml.comment(words.word('draft_sensitive'))}"
    elif variable.kind in ("single", "multiple"):
        like = toml.comment(words.fill("draft_like", name=hints.like))
        yield from [like] if hints.like else _levels(name, variable, words)
        yield from _missing(variable, words, hints.doubtful)
    elif hints.doubtful:
        yield from _missing(variable, words, hints.doubtful)
    rule = hints.rule
    if rule is not None and not hidden:
        yield toml.proposed(f"{toml.setting('asked_when', condition(rule))}  {toml.comment(_stray(rule, words))}")
    yield ""


def _reasons(raw: RawSurvey, name: str, words: Words) -> Iterator[str]:
    """Why columns or lists are taken for one question with several answers, where the file does not say so."""
    for each in raw.survey.notes:
        values: dict[str, Any] = dict(each.values)
        if each.code in REASONS and name in values.get("variables", ()):
            yield toml.comment(words.say(note(each.code, **{**values, "variables": (name,)})))


def _stray(rule: Rule, words: Words) -> str:
    return words.fill("draft_stray", n=rule.stray) if rule.stray else words.word("draft_no_stray")


def condition(rule: Rule) -> str:
    """The rule in the language of ``--where``."""
    name = rule.column if rule.column.isidentifier() else f"`{rule.column}`"
    quoted = ["'" + label.replace("\\", "\\\\").replace("'", "\\'") + "'" for label in rule.labels]
    return f"{name} == {quoted[0]}" if len(quoted) == 1 else f"{name} in ({', '.join(quoted)})"


def _levels(name: str, variable: Variable, words: Words) -> Iterator[str]:
    """Labels by code; where codes have none of their own, a proposal to give some."""
    valid = variable.valid_levels()
    if variable.kind == "multiple" and variable.counted is not None:
        stem = f"{name}/" if variable.parent else ""
        pairs = {
            column.removeprefix(stem): each.label
            for column, each in zip(variable.columns, valid, strict=False)
        }  # fmt: skip
        own = any(code != label for code, label in pairs.items())
    else:
        pairs = {code_text(level.code): level.label for level in valid}
        own = any(labelled(level) for level in valid)
    if not pairs or len(pairs) > MOST_LEVELS:
        return
    if not own:
        if len(pairs) <= 2 * INLINE:
            yield toml.proposed(f"{toml.setting('levels', pairs)}  {toml.comment(words.word('draft_levels'))}")
        return
    if len(pairs) <= INLINE:
        yield toml.setting("levels", pairs)
        return
    for code, label in pairs.items():
        yield f"levels.{toml.key(code)} = {toml.text(label)}"


def _missing(variable: Variable, words: Words, doubtful: Any) -> Iterator[str]:
    """Answers that read as none, proposed as missing by kind."""
    found: dict[str, list[Any]] = {}
    codes = among_codes(level.label for level in variable.levels)  # ND among the states is North Dakota
    for level in variable.valid_levels():
        if codes and len(level.label) <= LONGEST_CODE:
            continue
        if variable.kind == "single" and level.count and looks_missing(level.label):
            code = level.label if isinstance(level.code, str) else float(level.code)
            found.setdefault(kind_of_missing(level.label), []).append(code)
    for code in doubtful:
        found.setdefault("user", []).append(_code(code))
    if found:
        yield toml.proposed(f"{toml.setting('missing', found)}  {toml.comment(words.word('draft_missing'))}")


def _code(text: str) -> str | float:
    try:
        return float(text)
    except ValueError:
        return text
