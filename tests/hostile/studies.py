"""Study files that are broken, bottomless, or not studies."""

from __future__ import annotations

from pathlib import Path

from hostile.case import TABLE, Case

HEAD = '[data]\npath = "small.csv"\n'
TABLES = '[[tables]]\nvariable = "sex"\n'


def _data(path: Path) -> None:
    (path / "small.csv").write_text(TABLE)


def study(
    name: str,
    content: str | bytes,
    *,
    status: int = 2,
    says: tuple[str, ...] = (),
    command: tuple[str, ...] = ("summarize", "{file}", "--format", "json"),
    makes: tuple[str, ...] = (),
) -> Case:
    """A study file beside its data."""
    text = content.encode() if isinstance(content, str) else content
    return Case(
        name=f"study: {name}",
        file="study.toml",
        content=text,
        command=command,
        status=status,
        says=says,
        lines=41,
        before=_data,
        makes=("small.csv", *makes),
    )


CASES = [
    study("whole", HEAD + TABLES, status=0),
    study("empty", "", says=("data",)),
    study("blank", "\n \n", says=("data",)),
    study("no TOML", "what is this\n", says=("line 1",)),
    study("binary", bytes(range(256)), says=("UTF-8",)),
    study("UTF-16", (HEAD + TABLES).encode("utf-16"), says=("UTF-8",)),
    study("a byte order mark", b"\xef\xbb\xbf" + (HEAD + TABLES).encode(), status=0),
    study("NUL bytes", HEAD + "x = 'a\0b'\n", says=("line 3",)),
    study("unknown table", HEAD + "[tabels]\nx = 1\n", says=("line 3", "tabels", "tables")),
    study("unknown key", HEAD + TABLES + 'wieghts = "w"\n', says=("line 5", "wieghts")),
    study("unknown key in the design", HEAD + '[design]\nweigths = "weight"\n', says=("line 4", "weights")),
    study(
        "ten problems at once",
        HEAD + "".join(f"[[tables]]\nvariable = 'nope{n}'\n" for n in range(10)),
        says=("nope0", "nope9"),
    ),
    study(
        "a thousand problems at once",
        HEAD + "".join("[[tables]]\nvariabel = 'x'\n" for _ in range(1000)),
        says=("more problems",),
    ),
    study("wrong types", '[data]\npath = 7\n[design]\nweights = ["a"]\nnest = "maybe"\n', says=("line 2", "line 4")),
    study("a table as a text", 'data = "small.csv"\ntables = "sex"\n', says=("data",)),
    study("a list as a table", "data = []\n", says=("data",)),
    study("twice the same", HEAD + HEAD, says=("line 3",)),
    study("5,000 brackets", "x = " + "[" * 5000 + "]" * 5000 + "\n", says=("nested",)),
    study("50,000 dots", "[" + "a." * 50_000 + "a]\nx = 1\n", says=("line 1", "too many parts")),
    study("inline tables nested 3,000 deep", "x = " + "{a = " * 3000 + "1" + "}" * 3000 + "\n"),
    study("a number of 10,000 digits", HEAD + "[output]\ndecimals = " + "9" * 10_000 + "\n", says=("too long",)),
    study("a text of a megabyte", HEAD + "[study]\ntitle = '" + "x" * 1_000_000 + "'\n" + TABLES, status=0),
    study("a file of three megabytes", HEAD + "#" + "x" * 3_000_000 + "\n", says=("too large",)),
    study("1,000 tables", HEAD + TABLES * 1000, command=("summarize", "{file}", "sex", "--format", "json"), status=0),
    study("data that are not there", '[data]\npath = "gone.csv"\n' + TABLES, status=3, says=("gone.csv",)),
    study("data that are a folder", '[data]\npath = "/sys"\n' + TABLES, status=3, says=("folder",)),
    study("data that are the study", '[data]\npath = "study.toml"\n' + TABLES, status=3),
    study("data that are a device", '[data]\npath = "/dev/zero"\n' + TABLES, status=3, says=("regular",)),
    study("data with a NUL", '[data]\npath = "a\\u0000b.csv"\n' + TABLES, status=3),
    study("an encoding that is none", HEAD + 'encoding = "klingon"\n' + TABLES, status=3, says=("klingon",)),
    study("a condition that is a program", HEAD + TABLES + "where = \"__import__('os')\"\n", says=("where",)),
    study("a condition of brackets", HEAD + TABLES + f'where = "{"(" * 3000}"\n', says=("where",)),
    study("a level that is no number", HEAD + TABLES + "level = nan\n", says=("level",)),
    study("a level of infinity", HEAD + TABLES + "level = inf\n", says=("level",)),
    study(
        "labels that attack",
        HEAD + '[variables.sex]\nlabel = "\\u001b[31m<script>=1+1|`$x$"\n' + TABLES,
        status=0,
        command=("summarize", "{file}", "--format", "html"),
    ),
    study("a language that is none", HEAD + '[study]\nlanguages = ["../../x"]\n' + TABLES, says=("languages",)),
    study("claims from outside", HEAD + '[study]\nclaims_file = "../../../../etc/passwd"\n'),
    study("claims without data", '[[claims]]\nid = "a"\n', command=("reproduce", "{file}")),
    study("a report outside", HEAD + TABLES, command=("report", "{file}", "-o", "/proc/x/report")),
    study("a report into a file", HEAD + TABLES, command=("report", "{file}", "-o", "small.csv/report")),
    study(
        "a report of a name that is not there",
        HEAD + TABLES.replace("sex", "nope"),
        command=("report", "{file}", "-o", "out"),
    ),
    study("a report over another", HEAD + TABLES, command=("report", "{file}", "-o", "study.toml"), says=("suffix",)),
]
