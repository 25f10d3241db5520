"""An XLSForm read: groups, repeats, questions and lists, each with the row that a message names.

What a collection tool would refuse but the form's meaning survives (a choice twice, a language without labels) is
kept as a doubt; what leaves the meaning open stops with sheet, row and cure.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import field, replace
from pathlib import Path

from surveytool.collection_form.form import OTHER, Choice, Doubt, Form, FormQuestion, Group, Use
from surveytool.collection_form.labels import DEFAULT, labels_of, language_code, languages_of
from surveytool.collection_form.sheets import Line, Sheet, read_sheets
from surveytool.errors import UnreadableData, nearest
from surveytool.frozen import frozen

USES: dict[str, Use] = {
    **dict.fromkeys(("integer", "int", "decimal", "range", "number"), "number"),
    **dict.fromkeys(("date", "datetime", "time", "start", "end", "today"), "date"),
    **dict.fromkeys(("calculate", "hidden"), "calculated"),
    **dict.fromkeys(("note", "xml-external", "csv-external"), "none"),
    **dict.fromkeys(("acknowledge", "trigger"), "single"),
}
SAME_TYPE = {"gps": "geopoint", "location": "geopoint", "photo": "image", "string": "text", "int": "integer",
             "datetime": "datetime", "phone_number": "phonenumber", "device_id": "deviceid", "trigger": "acknowledge",
             "start_time": "start", "end_time": "end", "get_phone_number": "phonenumber"}  # fmt: skip
_SELECT = re.compile(
    r"(?:add\s+)?(?P<kind>select[ _]?(?:one|multiple|1|all that apply)|rank)(?P<from>[ _]external|[ _]from[ _]file)?"
    r"(?:\s+(?:prompt\s+using|from|using))?\s+(?P<list>.+?)(?P<other>[ _]+or[ _](?:specify[ _])?other)?",
    re.IGNORECASE,
)
_BEGIN = re.compile(r"begin[ _]*(group|repeat|loop|kobomatrix|score|rank|lookup)(?:\s+over\s+(\S+))?", re.IGNORECASE)
_END = re.compile(r"end[ _]*(group|repeat|loop|kobomatrix|score|rank|lookup)", re.IGNORECASE)
_NAME = re.compile(r"[^\W\d][\w.-]*")
_FILE = re.compile(r".+\.(csv|xml|geojson)", re.IGNORECASE)
_NO = ("", "no", "false", "false()", "0", "n")


@frozen
class Lists:
    """The lists of the sheets choices and external_choices."""

    choices: Mapping[str, tuple[Choice, ...]] = field(default_factory=dict)
    doubts: tuple[Doubt, ...] = ()


def read_form(path: str | Path) -> Form:
    """The form of a file. Raises ``UnreadableData`` with the sheet, the row and the cure."""
    where = Path(path)
    sheets = read_sheets(where)
    survey, settings = sheets["survey"], _settings(sheets.get("settings"))
    for header in ("type", "name"):
        if header not in survey.headers:
            cure = nearest(header, (text for text in survey.headers.values() if text), "Name the XLSForm with --tool.")
            raise UnreadableData(f"sheet survey has no column {header!r} and is no XLSForm.", str(where), cure)
    default = language_code(settings["default_language"]) if settings.get("default_language") else ""
    lists = _lists(sheets, default, str(where))
    reader = _Reader(str(where), survey, lists, default)
    reader.read()
    languages = [default, *reader.languages] if default in reader.languages else list(reader.languages)
    return Form(
        path=str(where), questions=tuple(reader.questions), default_language=default,
        languages=tuple(language for language in dict.fromkeys(languages) if language != DEFAULT),
        title=settings.get("form_title", ""), version=settings.get("version", ""),
        doubts=(*lists.doubts, *reader.doubts),
    )  # fmt: skip


def _settings(sheet: Sheet | None) -> Mapping[str, str]:
    return sheet.lines[0].cells if sheet is not None and sheet.lines else {}


def _lists(sheets: Mapping[str, Sheet], default: str, where: str) -> Lists:
    """Every list with its choices in their order; a choice that stands twice is taken once."""
    found: dict[str, dict[str, Choice]] = {}
    doubts: list[Doubt] = []
    for sheet in (sheets[name] for name in ("choices", "external_choices") if name in sheets):
        headers = _with_default(languages_of(sheet.headers), default)
        if sheet.lines and "list_name" not in sheet.headers:
            raise UnreadableData(
                f"sheet {sheet.name} has no column 'list_name'.", where, "Name its first column list_name."
            )
        for line in sheet.lines:
            name, code = line.get("list_name"), line.get("name")
            if not name and not code:
                continue
            if not name or not code:
                missing = "list_name" if not name else "name"
                doubts.append(Doubt(key=f"choice_without_{missing}", sheet=sheet.name, row=line.row, name=name or code))
                continue
            choices = found.setdefault(name, {})
            if code in choices:
                if choices[code].labels != labels_of(line.cells, headers):
                    doubts.append(Doubt(key="choice_twice", sheet=sheet.name, row=line.row, name=f"{name}: {code}"))
                continue
            choices[code] = Choice(code=code, labels=labels_of(line.cells, headers), row=line.row)
    return Lists(choices={name: tuple(held.values()) for name, held in found.items()}, doubts=tuple(doubts))


def _with_default(headers: Mapping[str, str], default: str) -> dict[str, str]:
    """Labels without a language are those of the form's default language, where it names one."""
    if not default or DEFAULT not in headers:
        return dict(headers)
    return {(default if language == DEFAULT else language): header
            for language, header in headers.items() if not (language == DEFAULT and default in headers)}  # fmt: skip


class _Reader:
    """The sheet survey from its first row to its last; ``groups`` are those that are open."""

    def __init__(self, where: str, survey: Sheet, lists: Lists, default: str) -> None:
        self.where, self.survey, self.lists = where, survey, lists
        self.headers = _with_default(languages_of(survey.headers), default)
        self.languages = tuple(self.headers)
        self.groups: list[Group] = []
        self.loops: list[tuple[int, tuple[Choice, ...]]] = []
        self.questions: list[FormQuestion] = []
        self.doubts: list[Doubt] = []
        self.paths: dict[tuple[str, ...], int] = {}

    def read(self) -> None:
        """Every row. Raises ``UnreadableData``."""
        for line in self.survey.lines:
            kind = re.sub(r"\s+", " ", line.get("type")).strip()
            if line.get("disabled").lower() in ("yes", "true", "1", "true()"):
                continue
            if not kind:
                if line.get("name"):
                    raise self.wrong(line, f"{line.get('name')!r} has no type", "Write its type, for example text.")
                continue
            if _END.fullmatch(kind):
                self.end(line)
            elif _BEGIN.fullmatch(kind):
                self.begin(line, kind)
            else:
                self.question(line, kind)
        if self.groups:
            last = self.groups[-1]
            raise self.wrong(
                Line(row=last.row, cells={}), f"the group {last.name!r} has no end", "Write a row end_group after it."
            )
        if not self.questions:
            raise UnreadableData("sheet survey has no questions.", self.where, "Name the XLSForm with its questions.")

    def wrong(self, line: Line, message: str, cure: str) -> UnreadableData:
        return UnreadableData(f"sheet survey, row {line.row}: {message}.", self.where, cure)

    def begin(self, line: Line, kind: str) -> None:
        match = _BEGIN.fullmatch(kind)
        what = (match[1] or "group").lower() if match else "group"
        group = Group(
            name=line.get("name"), labels=labels_of(line.cells, self.headers), relevant=line.get("relevant"),
            repeat=what == "repeat", row=line.row,
        )  # fmt: skip
        self.groups.append(group)

    def end(self, line: Line) -> None:
        if not self.groups:
            raise self.wrong(line, "ends a group that did not begin", "Remove it, or write begin_group above.")
        self.groups.pop()

    def question(self, line: Line, kind: str) -> None:
        name = line.get("name")
        select = _SELECT.fullmatch(kind)
        type_ = kind.lower() if not select else select["kind"].lower()
        use: Use = USES.get(SAME_TYPE.get(type_, type_), "text")
        if not name:
            if use == "none" or type_ == "audit":
                return
            raise self.wrong(line, f"a question of type {kind!r} has no name", "Give it a name in the column name.")
        if not _NAME.fullmatch(name):
            self.doubts.append(Doubt(key="odd_name", sheet="survey", row=line.row, name=name))
        question = FormQuestion(
            name=name, type=SAME_TYPE.get(type_, type_), use=use, groups=tuple(self.groups), row=line.row,
            labels=labels_of(line.cells, self.headers), relevant=line.get("relevant"),
            constraint=line.get("constraint"), calculation=line.get("calculation"),
            required=line.get("required").lower() not in _NO,
        )  # fmt: skip
        if select:
            question = self.with_list(line, question, select)
        elif type_.startswith("select"):
            raise self.wrong(line, f"{name!r} names no list of choices", "Write for example select_one yes_no.")
        earlier = self.paths.setdefault(question.path, line.row)
        if earlier != line.row:
            if question.use == "none":
                return
            raise self.wrong(
                line,
                f"the name {name!r} stands in row {earlier} of the same group too",
                "Give one of them another name.",
            )
        self.questions.append(question)

    def with_list(self, line: Line, question: FormQuestion, select: re.Match[str]) -> FormQuestion:
        """The question with the choices of its list."""
        kind, name = select["kind"].lower(), select["list"].strip()
        use: Use = "text" if kind == "rank" else "single" if re.search(r"one|1", kind) else "multiple"
        type_ = "rank" if kind == "rank" else "select_one" if use == "single" else "select_multiple"
        question = replace(question, type=type_, use=use, list_name=name, or_other=bool(select["other"]))
        if (select["from"] and "file" in select["from"]) or _FILE.fullmatch(name):
            return replace(question, open_list=True)
        choices = self.lists.choices.get(name)
        if choices is None and REFERENCED.fullmatch(name):
            return replace(question, open_list=True)  # the answers of a repeat
        if choices is None:
            if select["from"]:
                return replace(question, open_list=True)  # external, in a file of its own
            cure = nearest(name, self.lists.choices, "Add it to the sheet choices.") if self.lists.choices else (
                "Add a sheet choices with its answers.")  # fmt: skip
            raise self.wrong(line, f"the list {name!r} is not on the sheet choices", cure)
        if question.or_other and all(choice.code != OTHER for choice in choices):
            choices = (*choices, Choice(code=OTHER, labels=dict(OTHER_LABELS)))
        return replace(question, choices=choices)


REFERENCED = re.compile(r"\$\{[^}]+\}")
OTHER_LABELS = {DEFAULT: "Other", "en": "Other", "es": "Otro", "fr": "Autre", "pt": "Outro", "ar": "أخرى"}
