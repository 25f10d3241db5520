"""Well-formed files with values that break arithmetic, labels that attack, categories without end."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hostile.case import TABLE, Case, sheet

JSON = ("--format", "json")
ESCAPE = "\x1b]0;owned\x07\x1b[2J\x1b[31mRed"
MARKUP = "<script>alert(1)</script>"
FORMULA = '=HYPERLINK("http://x","y")'
LABELS = (
    ESCAPE,
    MARKUP,
    FORMULA,
    "@SUM(A1)",
    "+1+cmd|' /C calc'!A0",
    "| a | b |",
    "**bold** _it_ `c`",
    "\\input{/etc/passwd}",
    "$x^2$ & 50% #1",
    "ab\u202egnihtemos",
    "مرحبا",
    "a\tb\nc",
    "{name} %s {0}",
    "\u200b",
    "'" * 30,
)


def parquet(columns: Mapping[str, Any]) -> Callable[[], bytes]:
    """A Parquet file of columns (lists, or Arrow arrays)."""

    def make() -> bytes:
        import pyarrow as pa
        import pyarrow.parquet as pq

        made = io.BytesIO()
        pq.write_table(pa.table({name: make() if callable(make) else make for name, make in columns.items()}), made)
        return made.getvalue()

    return make


def sav(columns: Mapping[str, Sequence[Any]], **more: Any) -> Callable[[], bytes]:
    """An SPSS file of columns."""

    def make() -> bytes:
        import pandas as pd
        import pyreadstat

        with TemporaryDirectory() as folder:
            path = Path(folder, "made.sav")
            pyreadstat.write_sav(pd.DataFrame(dict(columns)), str(path), **more)
            return path.read_bytes()

    return make


def integers(*values: int, kind: str = "int64") -> Callable[[], Any]:
    """An Arrow column of whole numbers of one width."""

    def make() -> Any:
        import pyarrow as pa

        return pa.array(values, getattr(pa, kind)())

    return make


def moments(*values: int, unit: str = "us") -> Callable[[], Any]:
    """An Arrow column of time stamps."""

    def make() -> Any:
        import pyarrow as pa

        return pa.array(values, pa.timestamp(unit))

    return make


def lists() -> Any:
    """A column of lists."""
    import pyarrow as pa

    return pa.array([[1, 2], None] * 20)


def typed(values: Sequence[Any], kind: str, *more: Any) -> Callable[[], Any]:
    """An Arrow column of forty values of a type by its name."""

    def make() -> Any:
        import pyarrow as pa

        column = pa.array(list(values) * 20)
        return column if kind == "" else column.cast(getattr(pa, kind)(*more))

    return make


DAY = datetime(2023, 5, 1, 12)
TYPES = {
    "flag": typed([True, None], ""),
    "byte": typed([1, 2], "int8"),
    "half": typed([1.5, None], "float16"),
    "money": typed([1, 2], "decimal128", 30, 2),
    "day": typed([DAY, None], "date32"),
    "long_day": typed([DAY, DAY], "date64"),
    "clock": typed([DAY.time(), None], ""),
    "zone": typed([DAY, None], "timestamp", "ms", "UTC"),
    "nano": typed([DAY, None], "timestamp", "ns"),
    "span": typed([DAY - DAY.replace(hour=1), None], ""),
    "large": typed(["a", None], "large_string"),
    "view": typed(["a", None], "string_view"),
    "bytes": typed([b"\xff", None], ""),
    "record": typed([{"a": 1}, None], ""),
    "nothing": typed([None, None], ""),
    "empty": typed(["", ""], ""),
}
HALF = [place % 2 for place in range(40)]
ANSWER = ["yes", "no"] * 20
LABELLED = {float(place): label for place, label in enumerate(LABELS)}
CODES = [float(place % len(LABELS)) for place in range(60)]
ATTACK = sav({"q": CODES}, column_labels={"q": f"{MARKUP} {ESCAPE}"}, variable_value_labels={"q": LABELLED})
FORMATS = ("terminal", "csv", "json", "markdown", "html")

CASES = [
    *(
        Case(
            name=f"{name} in a mean",
            file="big.parquet",
            content=parquet({"y": values * 10, "g": ANSWER}),
            status=0,
            command=("summarize", "{file}", "y", "--by", "g", "--stat", "mean", "--kind", "y=number", *JSON),
            says=says,
        )
        for name, values, says in (
            ("infinity", [1.0, float("inf"), 2.0, -float("inf")], ("infinite",)),
            ("1e308", [1e308, 1e308, -1e308, 2.0], ("too large",)),
            ("1e160", [1e160, 1.0, 2.0, 3.0], ("too large",)),
            ("1e70", [1e70, 1.0, 2.0, 3.0], ()),
            ("1e-320", [1e-320, 2e-320, 0.0, 1.0], ()),
            ("NaN", [float("nan"), 1.0, 2.0, 3.5], ()),
        )
    ),
    Case(
        name="a total of 1e308",
        file="big.parquet",
        content=parquet({"y": [1e308] * 40}),
        status=0,
        command=("summarize", "{file}", "y", "--stat", "total", "--kind", "y=number", *JSON),
        says=("too large",),
    ),
    Case(
        name="all missing",
        file="none.parquet",
        content=parquet({"y": [None] * 40, "q": [""] * 40, "z": ANSWER}),
        status=0,
        command=("summarize", "{file}", "y", "q", *JSON),
    ),
    Case(
        name="nothing but missing",
        file="none.parquet",
        content=parquet({"y": [None] * 40}),
        status=2,
        command=("summarize", "{file}", *JSON),
        says=("no column is a question",),
    ),
    Case(name="no rows", file="none.parquet", content=parquet({"y": lambda: integers()()}), says=("no respondents",)),
    Case(name="no columns", file="none.parquet", content=parquet({}), says=("no respondents",)),
    Case(
        name="a constant",
        file="same.parquet",
        content=parquet({"y": [7.5] * 40}),
        status=0,
        command=("summarize", "{file}", "y", "--stat", "mean", *JSON),
        says=('"se": 0',),
    ),
    Case(
        name="ids of 2^53 and one more as PSUs",
        file="ids.parquet",
        status=0,
        says=('"df": 39',),
        content=parquet({"p": integers(*(2**53 + place for place in range(40))), "q": ANSWER}),
        command=("summarize", "{file}", "q", "--psu", "p", *JSON),
    ),
    Case(
        name="ids of 2^53 and one more as answers",
        file="ids.parquet",
        status=0,
        content=parquet({"c": integers(*(2**53 + place for place in HALF))}),
        command=("summarize", "{file}", "c", *JSON),
        says=("9007199254740992", "9007199254740993"),
    ),
    Case(
        name="ids of 2^53 and one more in a condition",
        file="ids.parquet",
        status=0,
        says=('"n": 20',),
        content=parquet({"c": integers(*(2**53 + place for place in HALF)), "q": ANSWER}),
        command=("summarize", "{file}", "q", "--where", "c == 9007199254740993", *JSON),
    ),
    Case(
        name="unsigned beyond 2^63",
        file="ids.parquet",
        status=0,
        content=parquet({"c": integers(*(2**64 - 1 - place for place in HALF), kind="uint64")}),
    ),
    Case(
        name="dates before and after all calendars",
        file="days.parquet",
        status=0,
        content=parquet({"d": moments(*([-(2**62), 2**62, 0, 10**15] * 10)), "q": ANSWER}),
    ),
    Case(
        name="a condition on dates out of range",
        file="days.parquet",
        status=0,
        content=parquet({"d": moments(*([-(2**62), 2**62, 0, 10**15] * 10)), "q": ANSWER}),
        command=("summarize", "{file}", "q", "--where", "d >= '2001-01-01'", *JSON),
    ),
    Case(
        name="an SPSS date of 1e300",
        file="days.sav",
        status=0,
        content=sav(
            {"d": [1e300, 1e10, -1e15, 1.3e10] * 10, "q": [1.0, 2.0] * 20}, variable_format={"d": "DATETIME20"}
        ),
    ),
    Case(
        name="the 30th of February",
        file="days.csv",
        status=0,
        content=sheet("d,q", *["2023-02-30,a", "2023-02-28,b"] * 20),
    ),
    Case(
        name="a column of lists",
        file="lists.parquet",
        content=parquet({"l": lists, "q": ANSWER}),
        status=0,
        command=("summarize", "{file}", "l", *JSON),
        says=("[1, 2]",),
    ),
    Case(
        name="every type that Arrow has",
        file="types.parquet",
        content=parquet(TYPES),
        status=0,
        command=("codebook", "{file}", *JSON),
        says=tuple(TYPES),
    ),
    Case(
        name="a table of every type that Arrow has",
        file="types.parquet",
        content=parquet(TYPES),
        status=0,
        command=("summarize", "{file}", *JSON),
    ),
    Case(
        name="1,500 categories",
        file="many.csv",
        status=0,
        content=sheet("town,n", *(f"t{place % 1500},1" for place in range(6_000))),
        command=("summarize", "{file}", "town", "--kind", "town=single", *JSON),
        says=("t1499",),
    ),
    Case(
        name="2,000 groups of a breakdown",
        file="many.csv",
        status=0,
        content=sheet("g,q", *(f"t{place % 2000},{'ab'[place % 2]}" for place in range(8_000))),
        command=("summarize", "{file}", "q", "--by", "g", "--kind", "g=single", *JSON),
    ),
    Case(
        name="a PSU for each of 20,000 rows",
        file="psu.csv",
        status=0,
        says=('"df": 19999',),
        content=sheet("p,q", *(f"{place},{'ab'[place % 2]}" for place in range(20_000))),
        command=("summarize", "{file}", "q", "--psu", "p", *JSON),
    ),
    Case(
        name="a stratum for each row",
        file="strata.csv",
        content=sheet("h,q", *(f"{n},{'ab'[n % 2]}" for n in range(50))),
        command=("summarize", "{file}", "q", "--strata", "h"),
        status=4,
        says=("--lonely-psu",),
    ),
    Case(
        name="one PSU",
        file="psu.csv",
        content=sheet("p,q", *["1,a", "1,b"] * 20),
        status=4,
        says=("one PSU",),
        command=("summarize", "{file}", "q", "--psu", "p"),
    ),
    *(
        Case(
            name=f"weights of {weight}",
            file="w.csv",
            status=4,
            says=("w", word),
            content=sheet("w,q", *["1,a", "2,b"] * 20, f"{weight},a"),
            command=("summarize", "{file}", "q", "-w", "w"),
        )
        for weight, word in (
            ("-1", "negative"),
            ("1e200", "1e+75"),
            ("", "missing"),
            ("x", "numeric"),
            ("1e999", "infinite"),
        )
    ),
    Case(
        name="weights of zero",
        file="w.csv",
        content=sheet("w,q", *["0,a", "0,b"] * 20),
        status=4,
        says=("every weight",),
        command=("summarize", "{file}", "q", "-w", "w"),
    ),
    *(
        Case(
            name=f"labels that attack, as {form}",
            file="attack.sav",
            content=ATTACK,
            status=0,
            command=("summarize", "{file}", "q", "--format", form),
        )
        for form in FORMATS
    ),
    Case(name="labels that attack, in the codebook", file="attack.sav", content=ATTACK, status=0),
    Case(
        name="a label that attacks, in an error",
        file="attack.csv",
        status=2,
        content=TABLE.replace("town", ESCAPE).encode(),
        command=("summarize", "{file}", "Red", "--by", "sexx"),
    ),
    Case(
        name="column names that attack",
        file="names.csv",
        status=0,
        content=TABLE.replace("town", '"<b onload=x>|`*_"').encode(),
        command=("summarize", "{file}", "--format", "html"),
    ),
]
