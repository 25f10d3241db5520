"""Decimal and thousands marks: what the texts of each column allow, and the one way in which a file is read.

A text such as ``1.234`` says nothing by itself; the file's other columns do, and
where nothing does, the mark between its columns. Marks are decided once for a
file. A column that proves another mark than the rest keeps its own, and one that
could be either in such a file stays text, which is said.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from surveytool import arrow
from surveytool.frozen import frozen

SPACES = "[ \u00a0\u2009\u202f]"
_SEPARATORS = {"": "", ".": r"\.", ",": ",", " ": SPACES, "'": "['\u2019]"}
CODES = "USD|EUR|GBP|CHF|MXN|GTQ|HNL|NIO|CRC|PEN|COP|BRL|ARS|CLP|DOP|HTG|XAF|XOF"
CURRENCY = rf"(?:(?:US|R|C|A|MX|RD|B|L)?\p{{Sc}}|S/\.?|\b(?:{CODES})\b)"
_HEAD = 1000
_DOT_PROOF = r"\.(\d{0,2}|\d{4,})\s*$|(^|\D)0*\.|\d{4,}\.|[eE]"  # a dot that cannot stand between thousands
_STRONG_COMMA = (
    r"^\s*[+-]?(\d{3,},\d{1,2}|\d+,\d{4,}|\d+,\d?0|0,\d+|.*[. '\x{A0}\x{2009}\x{202F}\x{2019}]\d{3},\d+)\s*$"
)
_UNGROUPED = r"^\s*[+-]?\d{5,}"
_GROUPED = r"^\s*[+-]?\d{1,2}[., '\x{A0}\x{2009}\x{202F}\x{2019}]\d{3}|[., '\x{A0}\x{2009}\x{202F}\x{2019}]0\d\d"


@dataclass(frozen=True, slots=True)
class Style:
    """How numbers are written: ``1.234,5`` has the decimal mark "," and the thousands mark "."."""

    decimal: str
    thousands: str = ""

    @property
    def example(self) -> str:
        """A number written so."""
        return f"1{self.thousands}234{self.decimal}5"

    @property
    def pattern(self) -> str:
        """The regular expression of such numbers."""
        decimal = _SEPARATORS[self.decimal]
        if not self.thousands:
            power = r"([eE][+-]?\d+)?" if self.decimal == "." else ""
            return rf"^\s*[+-]?(\d+({decimal}\d*)?|{decimal}\d+){power}\s*$"
        return rf"^\s*[+-]?(\d{{1,3}}({_SEPARATORS[self.thousands]}\d{{3}})*|\d{{4}})({decimal}\d*)?\s*$"


PLAIN = Style(".")
STYLES = (
    PLAIN, Style(","), Style(".", ","), Style(",", "."), Style(".", " "), Style(",", " "), Style(".", "'"),
    Style(",", "'"),
)  # fmt: skip


@frozen
class Written:
    """How the numbers of a column may be written: ``styles`` fit all of them.

    ``marked`` says that some have a mark at all, ``strong`` that a comma can be
    nothing but a decimal mark, ``grouped`` that marks stand as between thousands;
    ``sign`` is the currency's or "%"; ``zeros`` says that some begin with a 0 that counts nothing, as codes do.
    """

    styles: frozenset[Style]
    marked: bool = False
    strong: bool = False
    grouped: bool = False
    sign: str = ""
    zeros: bool = False

    def joined(self, other: Written) -> Written:
        """What two blocks of a column allow together."""
        signs = {self.sign, other.sign}
        styles = self.styles & other.styles if len(signs - {""}) < 2 and ("%" not in signs or len(signs) == 1) else ()
        return Written(
            styles=frozenset(styles), marked=self.marked or other.marked, strong=self.strong or other.strong,
            grouped=self.grouped or other.grouped, sign=self.sign or other.sign, zeros=self.zeros or other.zeros,
        )  # fmt: skip

    @property
    def usable(self) -> tuple[Style, ...]:
        """The styles that fit, plain ones first; thousands only where marks stand so."""
        return tuple(style for style in STYLES if style in self.styles and (self.grouped or not style.thousands))

    def proof(self, weak: bool) -> str:
        """The decimal mark that the column proves, "" where it proves none; ``weak`` takes ``1,5`` for a proof."""
        decimals = {style.decimal for style in self.usable}
        if not self.marked or len(decimals) != 1:
            return ""
        (decimal,) = decimals
        return decimal if decimal == "." or weak or self.strong else ""

    def open(self, delimiter: str) -> bool:
        """Whether other columns must tell how this one is written."""
        weak = delimiter == "," and not self.strong and any(style.decimal == "," for style in self.usable)
        return self.marked and (len({style.decimal for style in self.usable}) > 1 or weak)


NOTHING = Written(styles=frozenset())


def written(texts: Any) -> Written:
    """How distinct texts [values] may be written as numbers; no style where one of them is no number."""
    if _all(texts, PLAIN.pattern):
        return dotted(texts)
    bare, sign = unsigned(texts)
    if sign is None or not _all(bare, r"^\s*[+-]?[\d.]"):
        return NOTHING
    styles = [style for style in STYLES if _all(bare, style.pattern)]
    if _any(bare, _UNGROUPED):
        styles = [style for style in styles if not style.thousands]
    grouped = bool(styles) and _any(bare, _GROUPED) and not _telephones(bare)
    return Written(
        styles=frozenset(styles), marked=_any(bare, r"\d\D+\d|[.,]"), strong=_any(bare, _STRONG_COMMA),
        grouped=grouped, sign=sign,
    )  # fmt: skip


def dotted(texts: Any) -> Written:
    """Numbers with dots, or none: a look at the first ones is mostly enough."""
    if not _any(texts, "[.eE]"):
        return Written(styles=frozenset(STYLES))
    plain = frozenset(style for style in STYLES if style.decimal == ".")
    if _any(texts.slice(0, _HEAD), _DOT_PROOF) or _any(texts, _DOT_PROOF):
        return Written(styles=plain, marked=True)
    if not _any(texts, r"\."):
        return Written(styles=frozenset(STYLES))
    grouped = not _any(texts, _UNGROUPED) and _any(texts, _GROUPED)
    return Written(styles=plain | {Style(",", ".")} if grouped else plain, marked=True, grouped=grouped)


def _telephones(texts: Any) -> bool:
    """Long numbers of one length with several marks: not amounts."""
    lengths = {len(text.strip()) for text in texts.slice(0, _HEAD).to_pylist()}
    return len(lengths) == 1 and min(lengths) >= 9 and len(texts) > 2 and not _any(texts, r"000")


def unsigned(texts: Any) -> tuple[Any, str | None]:
    """Texts without the one currency or percent sign that they have; None where they have several."""
    if not _any(texts, rf"%|{CURRENCY}"):
        return texts, ""
    if _any(texts, "%"):
        bare = replaced(texts, r"\s*%\s*$", "")
        return bare, "%" if _all(texts, r"%\s*$") and not _any(bare, "%") else None
    import re

    simple = CURRENCY.replace(r"\p{Sc}", "[$¢£¤¥₠-⃀]")
    found = {match for text in texts.to_pylist() if text for match in re.findall(simple, text)}
    bare = replaced(texts, rf"^(\s*[+-]?)\s*{CURRENCY}\s*", r"\1")
    bare = replaced(bare, rf"\s*{CURRENCY}\s*$", "")
    return bare, found.pop() if len(found) == 1 else None


def replaced(texts: Any, pattern: str, new: str) -> Any:
    """Texts with what matches a regular expression replaced."""
    from pyarrow._compute import ReplaceSubstringOptions

    return arrow.call("replace_substring_regex", texts, options=ReplaceSubstringOptions(pattern, new))


def plainly(texts: Any, style: Style) -> Any:
    """Numbers written in a style, written as a program writes them."""
    bare, _ = unsigned(texts)
    if style.thousands:
        bare = replaced(bare, _SEPARATORS[style.thousands], "")
    if style.decimal == ",":
        bare = arrow.replaced(bare, ",", ".")
    return arrow.call("utf8_trim_whitespace", bare)


@frozen
class Marks:
    """The marks of a file: ``chosen`` the style of each column that holds numbers.

    ``doubtful`` were decided by the mark between columns alone; ``unclear`` may be
    written in two ways in a file that has both.
    """

    chosen: Mapping[str, Style]
    doubtful: tuple[str, ...] = ()
    unclear: tuple[str, ...] = ()

    def of(self, names: Iterable[str]) -> Marks:
        """What was decided of some columns."""
        known = set(names)
        return Marks(
            chosen={name: style for name, style in self.chosen.items() if name in known},
            doubtful=tuple(name for name in self.doubtful if name in known),
            unclear=tuple(name for name in self.unclear if name in known),
        )


def decided(columns: Mapping[str, Written], delimiter: str, given: str | None = None) -> Marks:
    """The marks of a file by all of its columns; ``given`` is the decimal mark that a person named."""
    weak = delimiter != ","
    proofs = {column.proof(weak) for column in columns.values()} - {""}
    decimal = given or (next(iter(proofs)) if len(proofs) == 1 else "" if proofs else "," if delimiter == ";" else ".")
    chosen, doubtful, unclear = {}, [], []
    for name, column in columns.items():
        style, sure = _style(column, decimal, weak or decimal == ",")
        if style is not None:
            chosen[name] = style
        elif not sure:
            unclear.append(name)
        both = len({option.decimal for option in column.usable}) > 1
        guessed = style is not None and not proofs and given is None and column.marked and both
        if guessed and not (delimiter == "," and style == PLAIN):
            doubtful.append(name)
    return Marks(chosen=chosen, doubtful=tuple(doubtful), unclear=tuple(unclear))


def _style(written: Written, decimal: str, weak: bool) -> tuple[Style | None, bool]:
    """The style of a column in a file with this decimal mark, and whether that is sure; none for texts."""
    usable = written.usable
    if not usable:
        return None, True
    if not written.marked:
        return PLAIN, True
    own = next((style for style in usable if style.decimal == decimal), None)
    if own is not None:
        return (own, True) if own.decimal == "." or own.thousands or weak or written.strong else (None, True)
    if len({style.decimal for style in usable}) > 1:
        return None, False
    return (usable[0], True) if written.proof(weak) else (None, True)


def signs(columns: Mapping[str, Written], names: Iterable[str]) -> dict[str, str]:
    """The currency or percent sign of each of these columns that has one."""
    return {name: columns[name].sign for name in names if columns[name].sign}


def _all(texts: Any, pattern: str) -> bool:
    return arrow.true_for_all(arrow.matches(texts, pattern))


def _any(texts: Any, pattern: str) -> bool:
    return arrow.true_for_any(arrow.matches(texts, pattern))
