"""What a person asks of a file: tables, means, conditions, recodes, claims, models, conversions."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Hashable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
from oracle import expected
from oracle.expected import Figures
from oracle.judge import BROKEN, NOTED, RIGHT, SILENT, STOP, Verdict, doubted, outcome, short
from oracle.sheet import Column, Several, Sheet
from oracle.tool import Book, Broken, Said, Stopped, command, told
from oracle.truth import Flags, Floats

Answer = tuple[Figures, Said]


MADE = "joined"  # what a recode is called: a doubt about its source is one about it


class Asker:
    """Asks one file, and judges every answer."""

    def __init__(self, path: Path, sheet: Sheet, rng: np.random.Generator) -> None:
        self.path, self.sheet, self.rng = path, sheet, rng
        self.weights: Floats = np.array(
            [np.nan if cell is None else weight
             for cell, weight in zip(sheet.column(sheet.weights).cells, sheet.truth.weights, strict=True)]
        )  # fmt: skip
        self.everybody: Flags = np.ones(sheet.truth.n, dtype=bool)
        self.singles = [each for each in sheet.columns if each.kind == "single" and each.question]
        self.numbers = [each for each in sheet.columns if each.kind == "number"]
        self.book: Book | None = None

    # --- the run

    def verdicts(self, count: int) -> Iterator[Verdict]:
        """So many requests, judged."""
        try:
            texts = self.sheet.platform.startswith(("csv", "Kobo", "ODK", "Ona")) and not self.sheet.blocks
            kinds = {"day": "date"} if texts else None
            self.book = Book(self.path, self.sheet.weights, kinds, blocks=self.sheet.blocks)
        except (Stopped, Broken) as error:
            kind = STOP if isinstance(error, Stopped) else BROKEN
            habits: set[str] = set().union(*(each.habits for each in self.sheet.columns))
            for _ in range(count):
                yield self._verdict("read", habits, kind, "read", str(error))
            return
        if "blank weights" in self.sheet.habits:
            for _ in range(3):
                yield self._under_weights()
            return
        for _ in range(count):
            yield self._one()

    def _one(self) -> Verdict:
        ways: list[tuple[Callable[[], Verdict], float]] = [
            (self._table, 4), (self._mean, 3), (self._total, 1), (self._where_level, 4), (self._where_number, 2),
            (self._where_day, 0.7), (self._by, 1.5), (self._several, 2.5), (self._recode, 0.5), (self._claim, 0.5),
            (self._model, 0.5), (self._convert, 0.6), (self._topline, 0.3), (self._check, 0.15),
            (self._median, 1), (self._error, 2),
        ]  # fmt: skip
        shares = np.array([share for _, share in ways])
        return ways[int(self.rng.choice(len(ways), p=shares / shares.sum()))][0]()

    def _verdict(self, kind: str, habits: set[str], ended: str, words: str, got: str = "", true: str = "") -> Verdict:
        return Verdict(kind, self.sheet.platform, frozenset(habits), ended, words, got, true, self.sheet.truth.seed)

    def _judge(
        self, kind: str, words: str, columns: list[Column], truths: list[Figures], ask: Callable[[], Answer]
    ) -> Verdict:
        habits: set[str] = set().union(*(each.habits for each in columns))
        if kind != "total":  # shares and means do not know the scale of the weights
            habits |= self.sheet.habits - {"implied decimals"}
        elif "implied decimals" in self.sheet.habits:
            habits = {"implied decimals"}
        else:
            habits |= self.sheet.habits
        try:
            figures, said = ask()
        except Stopped as error:
            return self._verdict(kind, habits, STOP, words, str(error))
        except Broken as error:
            return self._verdict(kind, habits, BROKEN, words, str(error))
        asked = {*(each.name for each in columns), *((MADE,) if kind.startswith("recode") else ())}
        ended = outcome(figures, truths, said, habits, asked)
        return self._verdict(kind, habits, ended, words, short(figures), short(truths[0]))

    def _by_question(self, name: str) -> Column:
        return next(each for each in self.sheet.columns if each.question == name)

    def _pick(self, columns: list[Column]) -> Column:
        return columns[int(self.rng.integers(len(columns)))]

    # --- figures out of rows

    def _token(self, column: Column, level: Any, code: Any) -> Hashable:
        """The answer that a printed name stands for; a name that is none stays a name."""
        for token, name in column.names.items():
            if level in (f"{name} [{token}]", f"{name} ({token})"):
                return token
        named = [token for token, name in column.names.items() if name == level]
        if len(named) == 1:
            return named[0]
        coded = [token for token in (named or column.names) if str(token) in (str(code), str(level))]
        return coded[0] if len(coded) == 1 else ("printed", str(level))

    def _figures(self, said: Said, column: Column) -> Figures:
        found: Figures = {}
        for row in said.rows:
            if row.by == {}:
                token = self._token(column, row.level, getattr(row, "level_code", None)) if row.level else "a number"
                twice = token in found
                value = float("nan") if row.estimate is None else row.estimate
                found[("twice", token) if twice else token] = value
        return found

    def _shares(self, column: Column, inside: Flags) -> list[Figures]:
        """The true shares: of real answers, and with the non-answers as rows of their own."""
        assert column.real is not None
        given = np.array([token is not None for token in column.tokens])
        first = expected.shares(column.tokens, inside & column.real, self.weights)
        if column.missing:
            return [first]
        return [first, expected.shares(column.tokens, inside & given, self.weights)]

    # --- requests

    def _table(self) -> Verdict:
        column = self._pick(self.singles)
        options = {"stat": "proportion"} if self.rng.random() < 0.5 else {}
        words = f"summarize {column.name} {options or ''}"
        return self._judge("table", words, [column], self._shares(column, self.everybody),
                           lambda: self._asked(column, **options))  # fmt: skip

    def _asked(self, column: Column, **options: Any) -> Answer:
        assert self.book is not None
        said = self.book.summarize(column.name, **options)
        return self._figures(said, column), said

    def _mean(self) -> Verdict:
        column = self._pick(self.numbers)
        options = {} if column.question != "trust" and self.rng.random() < 0.4 else {"stat": "mean"}
        assert column.numbers is not None
        true: Figures = {"a number": expected.mean(column.numbers, self.everybody, self.weights)}
        return self._judge("mean", f"summarize {column.name} {options or ''}", [column], [true],
                           lambda: self._asked(column, **options))  # fmt: skip

    def _median(self) -> Verdict:
        column = self._pick(self.numbers)
        assert column.numbers is not None
        truths: list[Figures] = [
            {"a number": value} for value in expected.medians(column.numbers, self.everybody, self.weights)
        ]
        return self._judge("median", f"summarize {column.name} --stat median", [column], truths,
                           lambda: self._asked(column, stat="median"))  # fmt: skip

    def _error(self) -> Verdict:
        """A mean or a share with its standard error under strata and sampling units, at times in a domain."""
        import surveytool as st

        age, phone, sex = (self._by_question(name) for name in ("age", "phone", "sex"))
        column = age if self.rng.random() < 0.6 else phone
        inside, condition = self.everybody, None
        token = next(iter(sex.names))
        if self.rng.random() < 0.5:
            inside, condition = np.array([each == token for each in sex.tokens]), f"{sex.name} == '{sex.names[token]}'"
        values, level = column.numbers, None
        if column is phone:
            level = next(iter(phone.names))
            values = np.array([float(each == level) for each in phone.tokens])
        assert values is not None
        strata, units = self.sheet.truth.strata, self.sheet.truth.units
        true: Figures = {
            "estimate": expected.mean(values, inside, self.weights),
            "se": expected.standard_error(values, inside, self.weights, strata, units),
        }
        design = st.Design(weights=self.sheet.weights, strata=self._by_question("stratum").name,
                           psu=(self._by_question("psu").name,))  # fmt: skip

        def ask() -> Answer:
            assert self.book is not None
            stat = "mean" if level is None else "proportion"
            said = self.book.summarize(column.name, stat=stat, where=condition, design=design)
            row = next(row for row in said.rows if row.by == {} and
                       (level is None or self._token(column, row.level, row.level_code) == level))  # fmt: skip
            return {"estimate": row.estimate or 0.0, "se": row.se or 0.0}, said

        words = f"summarize {column.name} --strata --psu {condition or ''}"
        return self._judge("standard error", words, [column, *([sex] if condition else [])], [true], ask)

    def _total(self) -> Verdict:
        column = self._pick(self.singles)
        assert column.real is not None
        given = np.array([token is not None for token in column.tokens])
        truths = [expected.totals(column.tokens, column.real, self.weights)]
        truths += [] if column.missing else [expected.totals(column.tokens, given, self.weights)]
        return self._judge("total", f"summarize {column.name} --stat total", [column], truths,
                           lambda: self._asked(column, stat="total"))  # fmt: skip

    def _target(self, other: Column) -> Column:
        plain = [each for each in self.singles if each.question in ("phone", "sex") and each is not other]
        return self._pick(plain)

    def _printed(self, column: Column) -> dict[Hashable, str]:
        """What the table prints for each answer."""
        assert self.book is not None
        try:
            said = self.book.summarize(column.name, stat="proportion")
        except (Stopped, Broken):
            return {}
        found = {self._token(column, row.level, getattr(row, "level_code", None)): str(row.level)
                 for row in said.rows if row.by == {} and row.level is not None}  # fmt: skip
        return {token: name for token, name in found.items() if token in column.names}

    def _named(self, column: Column) -> tuple[str, str, list[set[Hashable]]] | None:
        """An answer as a person types it: how, the text, and the sets of answers that it may mean."""
        token = list(column.names)[int(self.rng.integers(len(column.names)))]
        how = str(self.rng.choice(["printed", "label", "code"]))
        if how == "printed":
            name = self._printed(column).get(token)
            return None if name is None else (how, name, [{token}])
        if how == "label":
            name = column.names[token]
            return how, name, [{each for each, said in column.names.items() if said == name}]
        text = str(token)
        labelled = {each for each, said in column.names.items() if said == text}
        return how, text, [labelled or {token}]

    def _where_level(self) -> Verdict:
        column = self._pick(self.singles)
        named = self._named(column)
        if named is None:
            return self._table()
        how, text, meanings = named
        sign = str(self.rng.choice(["==", "==", "!=", "in"]))
        quoted = text.replace("'", "\\'") if "'" in text else text
        quote = '"' if "'" in quoted else "'"
        value = text if how == "code" and _bare(text) and self.rng.random() < 0.5 else f"{quote}{text}{quote}"
        condition = f"{column.name} in ({value})" if sign == "in" else f"{column.name} {sign} {value}"
        assert column.real is not None
        truths: list[Figures] = []
        target = self._target(column)
        for meaning in meanings:
            within = np.array([token in meaning for token in column.tokens])
            inside = column.real & ~within if sign == "!=" else within
            truths += self._shares(target, inside)
        kind = f"where {'!=' if sign == '!=' else '=='} by {how}"
        return self._judge(kind, f"summarize {target.name} --where {condition!r}", [column, target], truths,
                           lambda: self._asked(target, where=condition, stat="proportion"))  # fmt: skip

    def _where_number(self) -> Verdict:
        column = self._pick(self.numbers)
        assert column.numbers is not None
        known = column.numbers[~np.isnan(column.numbers)]
        bound = int(np.quantile(known, float(self.rng.uniform(0.2, 0.8))))
        sign = str(self.rng.choice([">=", "<"]))
        with np.errstate(invalid="ignore"):
            inside = column.numbers >= bound if sign == ">=" else column.numbers < bound
        target = self._target(column)
        condition = f"{column.name} {sign} {bound}"
        return self._judge("where number", f"summarize {target.name} --where {condition!r}", [column, target],
                           self._shares(target, inside),
                           lambda: self._asked(target, where=condition, stat="proportion"))  # fmt: skip

    def _where_day(self) -> Verdict:
        column = self._by_question("day")
        assert column.numbers is not None
        bound = int(np.quantile(column.numbers, float(self.rng.uniform(0.2, 0.8))))
        condition = f"{column.name} >= '{np.datetime64(bound, 'D')}'"
        target = self._target(column)
        return self._judge("where day", f"summarize {target.name} --where {condition!r}", [column, target],
                           self._shares(target, column.numbers >= bound),
                           lambda: self._asked(target, where=condition, stat="proportion"))  # fmt: skip

    def _by(self) -> Verdict:
        """The mean of income, or the share who own a telephone, in each group."""
        group = self._pick([each for each in self.singles if each.question != "phone"])
        target = self._by_question("phone")
        true: Figures = {}
        for token in group.names:
            inside = np.array([each == token for each in group.tokens])
            if inside.any():
                for answer, share in self._shares(target, inside)[0].items():
                    true[(token, answer)] = share

        def ask() -> Answer:
            assert self.book is not None
            said = self.book.summarize(target.name, by=group.name, stat="proportion")
            found: Figures = {}
            for row in said.rows:
                if row.by:
                    where = self._token(group, row.by[group.name], None)
                    value = float("nan") if row.estimate is None else row.estimate
                    found[(where, self._token(target, row.level, row.level_code))] = value
            return found, said

        truths = [true, {key: share for key, share in true.items() if key[0] in self._answers(group)}]  # type: ignore[index]
        return self._judge("by", f"summarize {target.name} --by {group.name}", [group, target], truths, ask)

    def _answers(self, column: Column) -> set[Hashable]:
        assert column.real is not None
        return {token for token, real in zip(column.tokens, column.real, strict=True) if real}

    # --- several answers

    def _several(self) -> Verdict:
        listed = self.sheet.several[0]
        assert self.book is not None
        grouped = next(
            (name for name, each in self.book.survey.codebook.items() if each.kind == "multiple"
             and (set(each.columns) & set(listed.columns) or name == listed.parent)),
            None,
        )  # fmt: skip
        truths = self._chosen_shares()
        if grouped is not None or not listed.columns or (listed.parent and self.rng.random() < 0.5):
            name = grouped or listed.parent or "apps"
            return self._options(name, listed, truths)
        return self._one_option(listed, truths)

    def _chosen_shares(self) -> list[Figures]:
        """The share who chose each option, of those who were asked; with a list also of those who chose any."""
        question = self.sheet.truth.questions["apps"]
        assert question.chosen is not None and question.asked is not None
        bases = [question.asked]
        bases += [question.chosen.any(axis=1)] if self.sheet.several[0].parent else []
        return [{place: expected.mean(question.chosen[:, place].astype(float), base, self.weights)
                 for place in range(len(question.options))} for base in bases]  # fmt: skip

    def _options(self, name: str, listed: Several, truths: list[Figures]) -> Verdict:
        def ask() -> Answer:
            assert self.book is not None
            said = self.book.summarize(name)
            found: Figures = {}
            for row in said.rows:
                if row.by == {}:
                    place = next((at for at, names in enumerate(listed.options) if row.level in names), None)
                    value = float("nan") if row.estimate is None else row.estimate
                    found[("printed", row.level) if place is None else place] = value
            return found, said

        stand_in = Column(name, [], habits=listed.habits)
        return self._judge("several answers", f"summarize {name}", [stand_in], truths, ask)

    def _one_option(self, listed: Several, truths: list[Figures]) -> Verdict:
        """One option's own column: the share who chose it."""
        place = int(self.rng.integers(len(listed.columns)))
        name = listed.columns[place]
        chosen = {"1", "Y", "Yes", "TRUE", "True", "true", "1.0", *listed.options[place]}

        def ask() -> Answer:
            assert self.book is not None
            said = self.book.summarize(name, stat="proportion")
            shares = [row.estimate for row in said.rows if row.by == {} and str(row.level) in chosen]
            return {place: sum(shares)}, said

        stand_in = Column(name, [], habits=listed.habits)
        return self._judge("one option", f"summarize {name}", [stand_in],
                           [{place: true[place]} for true in truths], ask)  # fmt: skip

    # --- whole commands

    def _study(self, text: str) -> Path:
        path = self.path.with_name("study.toml")
        weights = f'[design]\nweights = "{self.sheet.weights}"\n'
        head = f'[study]\ntitle = "An invented survey"\nlanguages = ["en"]\n[data]\npath = "{self.path.name}"\n'
        path.write_text(f"{head}{weights}{text}", encoding="utf-8")
        return path

    def _recode(self) -> Verdict:
        """Two answers put together, the rest apart."""
        column = self._pick(self.singles)
        named = self._named(column)
        if named is None:
            return self._table()
        how, text, (meaning,) = named
        study = (
            f"[[recodes]]\nname = '{MADE}'\ntype = 'collapse'\nfrom = '{column.name}'\n"
            f"groups = [{{label = 'First', levels = [{_toml(text)}]}}, {{label = 'Second', rest = true}}]\n"
        )
        groups = ["First" if token in meaning else "Second" for token in column.tokens]
        assert column.real is not None
        named_rows = np.array([token in meaning for token in column.tokens])  # who is named counts, answer or not
        truths = [expected.shares(groups, column.real | named_rows, self.weights)]

        def ask() -> Answer:
            answer, said = told("summarize", self._study(study), MADE)
            return {row["level"]: row["estimate"] for row in answer["rows"] if not row["by"]}, said

        return self._judge(f"recode by {how}", f"collapse {column.name}: {text}", [column], truths, ask)

    def _claim(self) -> Verdict:
        column = self._pick(self.singles)
        named = self._named(column)
        if named is None:
            return self._table()
        how, text, (meaning,) = named
        truths = [{"claim": sum(true.get(token, 0.0) for token in meaning)}
                  for true in self._shares(column, self.everybody)]  # fmt: skip
        study = (f"[[claims]]\nid = 'a'\ntext = 'A claim'\nvariable = '{column.name}'\nlevel = {_toml(text)}\n"
                 f"published = '{100 * truths[0]['claim']:.1f}%'\n")  # fmt: skip

        def ask() -> Answer:
            answer, said = told("reproduce", self._study(study))
            claim = answer["claims"][0]
            if claim["estimate"] is None:
                raise Stopped(claim["explanation"])
            return {"claim": claim["estimate"]}, said

        return self._judge(f"claim by {how}", f"claim {column.name}: {text}", [column], truths, ask)

    def _model(self) -> Verdict:
        outcome_column, other = self._by_question("income"), self._by_question("age")
        if self.rng.random() < 0.5:
            outcome_column, other = self._by_question("age"), self._by_question("trust")
        assert outcome_column.numbers is not None and other.numbers is not None
        true: Figures = {"slope": expected.slope(outcome_column.numbers, other.numbers, self.everybody, self.weights)}

        def ask() -> Answer:
            answer, said = told("model", self.path, f"{outcome_column.name} ~ {other.name}", "-w", self.sheet.weights,
                                "--no-effects")  # fmt: skip
            found = [term for term in answer["terms"] if term["term"] != "(Intercept)"]
            return {"slope" if each["term"] == other.name else each["term"]: each["estimate"] for each in found}, said

        words = f"model {outcome_column.name} ~ {other.name}"
        return self._judge("model", words, [outcome_column, other], [true], ask)

    def _convert(self) -> Verdict:
        """Written to another format and read again: the same answers under the same names."""
        column = self._pick([*self.singles, *self.numbers])
        assert self.book is not None
        suffix = str(self.rng.choice([".sav", ".dta", ".csv", ".xlsx", ".parquet", ".tsv", ".zsav"]))
        words = f"convert to {suffix}, summarize {column.name}"
        habits = set(column.habits)
        try:
            before = self._plainly(self.book, column.name)
            with tempfile.TemporaryDirectory(dir=self.path.parent) as folder:
                target = Path(folder) / f"copy{suffix}"
                status, _, err = command("convert", self.path, target)
                if status == 0 and self.sheet.personal:
                    return self._verdict("convert", self._paths(), SILENT, words, "personal columns were written")
                if status != 0:
                    return self._verdict("convert", habits, STOP, words, err.strip())
                after = self._plainly(Book(target, self.sheet.weights), column.name)
        except Stopped as error:
            return self._verdict("convert", habits, STOP, words, str(error))
        except Broken as error:
            return self._verdict("convert", habits, BROKEN, words, str(error))
        if expected.same(before, after):
            return self._verdict("convert", habits, RIGHT, words)
        said = Said(words=err.splitlines())
        ended = NOTED if _names(said, column.name) else SILENT
        return self._verdict("convert", habits, ended, f"{words} (to {suffix})", short(after), short(before))

    @staticmethod
    def _plainly(book: Book, name: str) -> Figures:
        said = book.summarize(name)
        return {row.level: float("nan") if row.estimate is None else row.estimate for row in said.rows if row.by == {}}

    def _topline(self) -> Verdict:
        """Every question: nobody's name or telephone is among them."""
        assert self.book is not None
        try:
            said = self.book.summarize(None)
        except Stopped as error:
            return self._verdict("topline", set(), STOP, "summarize", str(error))
        except Broken as error:
            return self._verdict("topline", set(), BROKEN, "summarize", str(error))
        shown = {row.variable for row in said.rows} & set(self.sheet.personal)
        return self._verdict("topline", self._paths(), SILENT if shown else RIGHT, "summarize", f"{sorted(shown)}")

    def _paths(self) -> set[str]:
        return {"group paths"} if self.sheet.grouped else set()

    def _check(self) -> Verdict:
        """Whatever stands in the file, check does not break."""
        try:
            command("check", self.path, "-w", self.sheet.weights, "--format", "json")
        except Broken as error:
            return self._verdict("check", set(), BROKEN, "check", str(error))
        return self._verdict("check", set(), RIGHT, "check")

    def _under_weights(self) -> Verdict:
        """A domain in which every weight is there; outside of it there is none."""
        sex = self._by_question("sex")
        inside = self.sheet.truth.questions["sex"].values == 1
        token = next(token for token, held in zip(sex.tokens, inside, strict=True) if held)
        target = self._pick([each for each in self.singles if each.question != "sex"])
        condition = f"{sex.name} == '{sex.names[token]}'"
        return self._judge("blank weights", f"summarize {target.name} --where {condition!r}", [sex, target],
                           self._shares(target, inside), lambda: self._asked(target, where=condition))  # fmt: skip


def _bare(text: str) -> bool:
    return text.lstrip("-").isdigit()


def _toml(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _names(said: Said, name: str) -> bool:
    """Whether a line speaks of a column."""
    import re

    return any(re.search(rf"(?<!\w){re.escape(name)}(?!\w)", line) for line in said.words)


__all__ = ["Asker", "doubted"]
