"""Which column of an export is which question of its form, whatever the platform calls it.

By the question's name, alone or behind its groups (``demo/age``, ``demo-age``, ``demo.age``, ``demo_age``); else by its
label in any language, in the header or in the row of labels below it. A column of an option is its question and the
option's code or label. A name wins over a label, and what two questions could be is none of them.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import field
from functools import lru_cache
from typing import Literal

from surveytool.collection_form.form import OTHER, Form, FormQuestion
from surveytool.collection_form.labels import plain
from surveytool.frozen import frozen

SIGNS = ("/", "-", ".", "_", ":")
Part = Literal["answer", "option", "written"]
_SPLIT = re.compile(r"___|[\[/\-._:]|\s-\s")
_SELECTED = re.compile(r"\s*(\([^()]*\))?\s*-\s*Selected Choice\s*$", re.IGNORECASE)  # what Qualtrics adds
_WRITTEN = re.compile(r"(text|specify|specified|please specify|autre|otro|otra|other|especifique|precisez)")
_NUMBERED = re.compile(r"(?:sq)?0*(\d{1,3})", re.IGNORECASE)
LONGEST = 2000


@frozen
class Meeting:
    """What a column is: the question's key, and whether it holds its answer, one option or what people wrote."""

    key: str
    part: Part = "answer"
    code: str = ""
    by_order: bool = False


@frozen
class Match:
    """The columns of an export that are questions of a form; ``share`` of its questions that were met."""

    meetings: Mapping[str, Meeting]
    met: int
    of: int
    doubled: tuple[str, ...] = field(default=())

    @property
    def share(self) -> float:
        """The share of the form's questions that the export has."""
        return self.met / self.of if self.of else 0.0


@lru_cache(maxsize=65536)
def letters(text: str) -> str:
    """A label by its letters and digits alone.

    >>> letters("<b>Which apps?</b>  (select all)"), letters("Haïti")
    ('which apps select all', 'haïti')
    """
    return " ".join(re.findall(r"\w+", unicodedata.normalize("NFKC", plain(text[:LONGEST])).casefold()))


@lru_cache(maxsize=65536)
def exact(text: str) -> str:
    """A label with its signs, without case and doubled blanks."""
    return unicodedata.normalize("NFKC", plain(text[:LONGEST])).casefold()


def match(form: Form, names: Sequence[str], labels: Mapping[str, str], sheet: str = "") -> Match:
    """The questions of the interview (or of the repeat ``sheet``) that the columns are; ``labels`` are the columns'."""
    index = _Index(form, sheet)
    meetings: dict[str, Meeting] = {}
    for name in names:
        meeting = index.by_name(name) or index.by_label(name) or index.by_label(labels.get(name, ""))
        if meeting is not None:
            meetings[name] = meeting
    meetings |= _by_order(index, names, meetings)
    meetings |= dict(_written_ones(meetings))
    return _once(index, names, meetings)


def _written_ones(meetings: Mapping[str, Meeting]) -> Iterator[tuple[str, Meeting]]:
    """``apps_other`` is what people wrote, unless the other options are joined by the same sign (``apps_sms``)."""
    ending = f"_{OTHER}"
    for name, meeting in meetings.items():
        if (meeting.part, meeting.code) == ("option", OTHER) and name.endswith(ending) and not name.endswith("__other"):
            stem = name.removesuffix(ending)
            beside = [other for other, each in meetings.items() if each.key == meeting.key and other != name]
            if beside and not any(other.startswith(f"{stem}_") for other in beside):
                yield name, Meeting(key=meeting.key, part="written")


def _once(index: _Index, names: Sequence[str], meetings: Mapping[str, Meeting]) -> Match:
    """Each question and option from one column: the first, or the one that bears its name."""
    chosen: dict[tuple[str, str, str], str] = {}
    doubled = []
    for name in names:
        meeting = meetings.get(name)
        if meeting is None:
            continue
        target = (meeting.key, meeting.part, meeting.code)
        if target in chosen:
            doubled.append(name)
        else:
            chosen[target] = name
    kept = {name: meetings[name] for name in chosen.values()}
    asked = [key for key, question in index.questions.items() if question.is_asked]
    met = {meeting.key for meeting in kept.values() if meeting.part != "written"}
    return Match(meetings=kept, met=len(met & set(asked)), of=len(asked), doubled=tuple(doubled))


def _by_order(index: _Index, names: Sequence[str], meetings: Mapping[str, Meeting]) -> dict[str, Meeting]:
    """Options that are only numbered (``apps_1``, ``apps[SQ001]``), where they are as many as the list has."""
    families: dict[str, list[tuple[int, str]]] = {}
    for name in names:
        cut = (
            re.fullmatch(r"(.+?)(?:_{1,3}|\[|\.|/)((?:sq)?\d{1,3})\]?", name, re.IGNORECASE)
            if name not in meetings
            else None
        )
        number = _NUMBERED.fullmatch(cut[2]) if cut else None
        key = index.question_of(cut[1]) if cut and number else None
        if key is not None and number is not None and index.questions[key].use == "multiple":
            families.setdefault(key, []).append((int(number[1]), name))
    found = {}
    for key, columns in families.items():
        choices = index.questions[key].choices
        for known in (choices, tuple(choice for choice in choices if choice.code != OTHER)):
            if len(columns) == len(known) and not any(
                meeting.key == key and meeting.part == "option" and meeting.code != OTHER
                for meeting in meetings.values()
            ):
                for (_, name), choice in zip(sorted(columns), known, strict=True):
                    found[name] = Meeting(key=key, part="option", code=choice.code, by_order=True)
                break
    return found


class _Index:
    """The form's questions by every name and label that a column may bear."""

    def __init__(self, form: Form, sheet: str) -> None:
        keyed = form.keys()
        inside = {key for key, question in keyed.items() if question.repeat == sheet and question.use != "none"}
        self.questions: dict[str, FormQuestion] = {key: keyed[key] for key in keyed if key in inside}
        self.names: dict[str, str | None] = {}
        self.folded: dict[str, str | None] = {}
        self.labels: dict[str, str | None] = {}
        for key, question in self.questions.items():
            for name in _names(question):
                self.names[name] = key if self.names.get(name, key) == key else None
            for text in question.labels.values():
                for said in {exact(text), letters(text)} - {""}:
                    self.labels[said] = key if self.labels.get(said, key) == key else None
        for key, question in self.questions.items():  # a question's own name wins over the paths of others
            self.names["/".join(question.path)] = key
            if key == question.name:
                self.names[question.name] = key
        for name, own in self.names.items():
            folded = name.casefold()
            self.folded[folded] = own if self.folded.get(folded, own) == own else None
        self.several = {
            key: _options(question) for key, question in self.questions.items() if question.use == "multiple"
        }
        self.long = sorted(
            ((said, label) for said, label in self.labels.items() if label in self.several),
            key=lambda pair: -len(pair[0])
        )  # fmt: skip

    def named(self, text: str) -> str | None:
        """The question that a name alone means."""
        bare = re.sub(r"^(/?data/|/|X(?=_))", "", text.strip())
        return self.names.get(bare) or self.folded.get(bare.casefold())

    def labelled(self, text: str) -> str | None:
        """The question that a label means; labels of groups before it, and what sections add, are left out."""
        for said in _tails(text):
            own = self.labels.get(exact(said)) or self.labels.get(letters(said))
            if own:
                return own
        return None

    def question_of(self, text: str) -> str | None:
        return self.named(text) or self.labelled(text)

    def by_name(self, name: str) -> Meeting | None:
        """The meeting of a column by its name."""
        key = self.named(name)
        if key is not None:
            return Meeting(key=key)
        for place in reversed([match.span() for match in _SPLIT.finditer(name)]):
            stem, rest = name[: place[0]], name[place[1] :].rstrip("]")
            key = self.named(stem)
            if key is None or not rest:
                continue
            meeting = self.option(key, rest)
            if meeting is not None:
                return meeting
        return None

    def option(self, key: str, text: str) -> Meeting | None:
        """The option, or what people wrote in place of one, that a text after a question's name means."""
        options = self.several.get(key)
        if options is not None:
            for said in (text, text.casefold(), exact(text), letters(text)):
                code = options.get(said)
                if code:
                    return Meeting(key=key, part="option", code=code)
            if letters(text).startswith("oth") and OTHER in options:
                return Meeting(key=key, part="option", code=OTHER)
        question = self.questions[key]
        written = any(choice.code == OTHER for choice in question.choices) or question.or_other
        if written and _WRITTEN.fullmatch(re.sub(r"^\d+ ", "", letters(text.replace("_", " ")))):
            return Meeting(key=key, part="written")
        return None

    def by_label(self, text: str) -> Meeting | None:
        """The meeting of a column by a label."""
        if not text:
            return None
        key = self.labelled(text) or self.labelled(_SELECTED.sub("", text))
        if key is not None:
            return Meeting(key=key)
        said = letters(text)
        for label, own in self.long:
            if not own or not said.startswith(label + " ") or len(said) == len(label):
                continue
            rest = re.sub(r"^(select (all|one)( that apply)? ?|selected choice ?)+", "", said[len(label) + 1 :])
            rest = re.sub(r"^.*\bselected choice ", "", rest)
            meeting = self.option(own, rest) or self._end(own, rest)
            if meeting is not None:
                return meeting
        for place in reversed([match.span() for match in re.finditer(r"[/\[]|\s[-–:]\s", text)]):
            key = self.labelled(text[: place[0]])
            meeting = self.option(key, text[place[1] :].rstrip("] ")) if key is not None else None
            if meeting is not None:
                return meeting
        return None

    def _end(self, key: str, rest: str) -> Meeting | None:
        """The longest option that a label ends with; ``Other - Text`` is what people wrote."""
        if re.fullmatch(r".*\b(text|texto|texte)", rest):
            return Meeting(key=key, part="written")
        ends = [(said, code) for said, code in self.several[key].items() if code and said and rest.endswith(f" {said}")]
        return Meeting(key=key, part="option", code=max(ends, key=lambda pair: len(pair[0]))[1]) if ends else None


def _names(question: FormQuestion) -> Iterator[str]:
    """A question's name, and its path from each of its groups on, joined by every sign."""
    yield question.name
    path = question.path
    for start in range(len(path) - 1):
        for sign in SIGNS:
            yield sign.join(path[start:])


def _options(question: FormQuestion) -> dict[str, str | None]:
    """Codes of a list by what an export may call them; None where two answers are called the same."""
    codes = {choice.code: choice.code for choice in question.choices}
    found: dict[str, str | None] = {}
    for choice in question.choices:
        for said in {
            choice.code.casefold(),
            *(form(text) for text in choice.labels.values() for form in (exact, letters)),
        }:
            if said:
                found[said] = choice.code if found.get(said, choice.code) == choice.code else None
    return {**found, **codes}


def _tails(text: str) -> Iterator[str]:
    """A label, and what follows each slash of it: platforms write labels of groups before a question's own."""
    yield text
    start = text.find("/")
    while 0 <= start < len(text) - 1:
        yield text[start + 1 :]
        start = text.find("/", start + 1)
