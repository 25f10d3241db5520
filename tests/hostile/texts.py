"""Text files that are not what they should be: encodings, line ends, quotes, rows and names."""

from __future__ import annotations

import gzip

from hostile.case import TABLE, Case, sheet

WORDS = "ciudad,n\n" + "".join(f"{town},{place}\n" for place, town in enumerate(["Necoclí", "Danlí", "Ñuble"] * 10))
ROWS = TABLE.splitlines()
JSON = ("summarize", "{file}", "sex", "--format", "json")
TOWNS = ("summarize", "{file}", "ciudad", "--format", "json")


def _many_names(count: int) -> bytes:
    return sheet(",".join(f"v{place}" for place in range(count)), *[",".join("1" * count)] * 3)


CASES = [
    *(
        Case(
            name=f"{encoding} with accents",
            file="towns.csv",
            content=WORDS.encode(encoding),
            command=TOWNS,
            status=0,
            says=("Necoclí", "Ñuble"),
        )
        for encoding in ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "latin-1", "cp1252")
    ),
    Case(
        name="mac roman named",
        file="towns.csv",
        content=WORDS.encode("mac-roman"),
        status=0,
        says=("Necoclí",),
        command=(*TOWNS, "--encoding", "mac-roman"),
    ),
    Case(
        name="an encoding that is wrong",
        file="towns.csv",
        content=WORDS.encode("latin-1"),
        says=("UTF-8",),
        command=(*TOWNS, "--encoding", "utf-8"),
    ),
    Case(
        name="an encoding that does not exist",
        file="towns.csv",
        content=WORDS.encode(),
        says=("klingon",),
        command=(*TOWNS, "--encoding", "klingon"),
    ),
    Case(
        name="an encoding that is no text",
        file="towns.csv",
        content=WORDS.encode(),
        says=("hex",),
        command=(*TOWNS, "--encoding", "hex"),
    ),
    *(
        Case(
            name=f"line ends {end!r}",
            file="ends.csv",
            content=TABLE.replace("\n", end).encode(),
            command=JSON,
            status=0,
            says=('"n": 60',),
        )
        for end in ("\r\n", "\r")
    ),
    Case(
        name="mixed line ends",
        file="ends.csv",
        content=TABLE.replace("C\n", "C\r\n").encode(),
        command=JSON,
        status=0,
        says=('"n": 60',),
    ),
    Case(
        name="no line end at the end",
        file="ends.csv",
        content=TABLE.rstrip().encode(),
        command=JSON,
        status=0,
        says=('"n": 60',),
    ),
    Case(name="a NUL byte in a cell", file="nul.csv", content=TABLE.replace("M,20", "M\0,20").encode(), says=("NUL",)),
    Case(name="only a header", file="head.csv", content=b"sex,age\n", says=("no respondents",)),
    Case(name="only blanks", file="blank.csv", content=b" \n\n \n", says=("empty",)),
    Case(name="only a byte order mark", file="mark.csv", content=b"\xef\xbb\xbf", says=("empty",)),
    Case(name="only commas", file="commas.csv", content=b",,,\n,,,\n", says=("neither",)),
    Case(name="one respondent", file="one.csv", content=sheet("sex,age", "M,20"), status=0),
    Case(
        name="a row too long",
        file="ragged.csv",
        content=sheet(*ROWS[:5], ROWS[5] + ",X,Y", *ROWS[6:]),
        says=("data row 5", "6 fields"),
    ),
    Case(name="a row too short", file="ragged.csv", content=sheet(*ROWS[:9], "M,20", *ROWS[10:]), says=("data row 9",)),
    Case(name="a quote never closed", file="quote.csv", content=TABLE.replace("M,20", '"M,20', 1).encode()),
    Case(name="a quote in a word", file="quote.csv", content=TABLE.replace("A\n", 'A"B\n').encode(), status=0),
    Case(
        name="a line break in quotes", file="quote.csv", content=TABLE.replace(",A\n", ',"A\nB"\n').encode(), status=0
    ),
    Case(
        name="a cell of two megabytes",
        file="long.csv",
        content=TABLE.replace("A\n", "x" * 2_000_000 + "\n", 1).encode(),
        command=JSON,
        status=0,
        says=('"n": 60',),
    ),
    Case(
        name="a name of 100,000 letters",
        file="name.csv",
        content=TABLE.replace("town", "t" * 100_000).encode(),
        command=JSON,
        status=0,
    ),
    Case(
        name="duplicate names",
        file="twice.csv",
        content=TABLE.replace("town", "sex").encode(),
        command=JSON,
        status=0,
        says=("sex_2",),
    ),
    Case(
        name="blank names",
        file="blank.csv",
        content=TABLE.replace("age,weight", ",").encode(),
        status=0,
        says=("column_2", "column_3"),
    ),
    Case(name="all names blank", file="blank.csv", content=sheet(",,", *["a,b,1"] * 30), status=0, says=("column_1",)),
    Case(
        name="10,000 names",
        file="wide.csv",
        content=_many_names(10_000),
        status=0,
        command=("codebook", "{file}", "v9999", "--format", "json"),
    ),
    Case(
        name="3,000 names, all shown",
        file="wide.csv",
        content=_many_names(3_000),
        status=0,
        command=("codebook", "{file}", "--format", "json"),
        says=("v2999",),
    ),
    Case(
        name="names with markup and escapes",
        file="names.csv",
        content=TABLE.replace("town", "<b>\x1b[31mtown\x07").encode(),
        status=0,
        command=("codebook", "{file}"),
    ),
    Case(
        name="names that look like options",
        file="names.csv",
        content=TABLE.replace("town", "--help").encode(),
        command=("summarize", "{file}", "--format", "json", "--", "--help"),
        status=0,
    ),
    Case(
        name="a bar as delimiter",
        file="bar.txt",
        content=TABLE.replace(",", "|").encode(),
        command=JSON,
        status=0,
        says=('"n": 60',),
    ),
    Case(
        name="gzip in gzip",
        file="two.csv.gz",
        says=("gzip",),
        content=gzip.compress(gzip.compress(TABLE.encode(), mtime=0), mtime=0),
    ),
    Case(
        name="a web page as csv",
        file="page.csv",
        content=b"<!DOCTYPE html><html><body>No</body></html>\n" * 3,
        says=("web page",),
    ),
    Case(name="JSON as csv", file="data.csv", content=b'{"sex": ["M", "F"]}\n'),
    Case(
        name="numbers beyond every type",
        file="numbers.csv",
        content=sheet("y,g", *[f"{'9' * 400},a", "1e999,b", "-1e999,a", "1e-999,b", "0x10,a"] * 8),
        status=0,
    ),
    Case(name="a million commas in one row", file="commas.csv", content=TABLE.encode() + b"," * 1_000_000),
]
