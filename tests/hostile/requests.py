"""Commands that cannot be meant, and conditions that try to be programs."""

from __future__ import annotations

from hostile.case import TABLE, Case

ASK = ("summarize", "{file}", "sex")


def asked(name: str, *options: str, status: int = 2, says: tuple[str, ...] = (), content: str = TABLE) -> Case:
    """A case of the same small file and other options."""
    return Case(
        name=name, file="small.csv", content=content.encode(), command=(*ASK, *options), status=status, says=says
    )


CONDITIONS = {
    "nothing": ("", 2),
    "a blank": (" ", 2),
    "an operator": ("==", 2),
    "half a comparison": ("age >", 2),
    "Python": ("__import__('os').system('id')", 2),
    "a call": ("open('x') == 1", 2),
    "a lambda": ("lambda: 1", 2),
    "SQL": ("sex == 'M'; DROP TABLE x", 2),
    "a format": ("sex == '{0.__class__}'", 2),
    "SQL in quotes": ("sex == 'M'' OR 1=1'", 2),
    "500 brackets": ("(" * 500 + "age > 1" + ")" * 500, 2),
    "5,000 nots": ("not " * 2000 + "age > 1", 2),
    "a million letters": ("a" * 1_000_000, 2),
    "a NUL": ("age > 1\0", 2),
    "an escape": ("\x1b[31m > 1", 2),
    "an open quote": ("sex == 'M", 2),
    "an open backtick": ("`sex == 1", 2),
    "1e999": ("age > 1e999", 2),
    "5,000 digits": ("age > " + "9" * 5000, 2),
    "Arabic digits": ("age > ٣٠", 0),
    "1,000 alternatives": ("age in (" + ",".join(map(str, range(1000))) + ")", 0),
    "a slow pattern": ("sex == '" + "\\" * 3000, 2),
    "800 ors": (" or ".join(["age > 20"] * 800), 0),
    "a surrogate": ("sex == '\udcff'", 2),
}

CASES = [
    *(
        asked(f"--where with {name}", "--where", text, status=status, says=() if status == 0 else ("surveytool:",))
        for name, (text, status) in CONDITIONS.items()
    ),
    *(
        asked(f"--level {value}", "--level", value, says=("--level",))
        for value in ("nan", "inf", "0", "1", "-1", "1e308", "x")
    ),
    *(asked(f"--decimals {value}", "--decimals", value) for value in ("-1", "99999999", "1e3")),
    *(
        asked(f"--stat {value}", "--stat", value)
        for value in (":", "ratio:", "ratio:sex", "p0", "p101", "p-5", "pnan", "mean:" * 500, "total:age")
    ),
    *(asked(f"--by {value!r}", "--by", value) for value in ("", ":", "sex:", ":age", "sex:sex:sex:nope", "a" * 5000)),
    asked("--by the same twice", "--by", "town", "--by", "town", status=0),
    asked("--by the variable itself", "--by", "sex", status=0),
    asked("a variable asked twice", "sex", status=0),
    *(asked(f"--kind {value}", "--kind", value) for value in ("sex", "=", "sex=", "sex=nonsense")),
    *(
        asked(f"--standardize {value!r}", "--by", "town", "--standardize", value)
        for value in (
            "",
            ":",
            "town",
            "town:",
            "town: A=1",
            "town: A=x, B=1, C=1, D=1",
            "town: A=nan, B=1, C=1, D=1",
            "town: A=inf, B=1, C=1, D=1",
            "town: A=0, B=0, C=0, D=0",
            "town: A=-1, B=1, C=1, D=1",
        )
    ),
    *(
        asked(f"{option} {value}", option, value, status=status)
        for option, value, status in (
            ("--fpc", "town", 4),
            ("--psu", "nope", 2),
            ("--replicate-weights", "*", 2),
            ("--df", "-3", 2),
            ("--df", "nan", 2),
            ("--df", "0", 2),
        )
    ),
    *(asked(f"--sheet of a csv, {value!r}", "--sheet", value, status=0) for value in ("x",)),
    Case(
        name="no such sheet",
        file="book.xlsx",
        content=lambda: __import__("hostile.seeds").seeds.seed("xlsx"),
        status=2,
        command=("codebook", "{file}", "--sheet", "\x1b[31mnope"),
        says=("no sheet",),
    ),
    *(
        Case(name=f"model {formula!r}", file="small.csv", status=2, command=("model", "{file}", formula))
        for formula in (
            "",
            "~",
            "age ~",
            "~ age",
            "age ~ __import__('os')",
            "age ~ nope",
            "age ~ sex +",
            "age ~ age ~ age",
            "age ~ " + "(" * 200,
            "age ~ sex:" + "town:" * 300,
            "age ~ I(age**9)",
            "age ~ {sex}",
        )
    ),
    Case(name="compare without groups", file="small.csv", command=("compare", "{file}", "sex"), status=2),
    Case(
        name="compare within one group",
        file="small.csv",
        command=("compare", "{file}", "age", "--by", "one"),
        status=2,
        content=TABLE.replace("town", "one").replace("A\n", "B\n").replace("C\n", "B\n").replace("D\n", "B\n").encode(),
    ),
    Case(name="an unknown command", file="small.csv", command=("sumarize", "{file}"), status=2, says=("summarize",)),
    Case(name="a file that is a folder", file="small.csv", command=("codebook", "/sys"), says=("folder",)),
    Case(name="a file that is not there", file="small.csv", command=("codebook", "smal.csv"), says=("small.csv",)),
    Case(name="a name of 5,000 letters", file="small.csv", command=("codebook", "x" * 5000 + ".csv")),
    Case(name="a path with a NUL", file="small.csv", command=("codebook", "a\0b.csv")),
    Case(name="a device", file="small.csv", command=("codebook", "/dev/zero")),
    Case(name="a path in no encoding", file="small.csv", command=("codebook", "\udcff\udcfe.csv")),
]
