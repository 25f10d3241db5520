"""Broken binary files: cut short, of another kind, with sizes that cannot be."""

from __future__ import annotations

import gzip
import io
import struct
import zlib
from collections.abc import Callable

from hostile.case import PLAIN, TABLE, Case
from hostile.seeds import SEEDS, rezip, seed, unzip

BINARY = [name for name in SEEDS if name != "csv"]
ENDS = {"sav": ".sav", "zsav": ".zsav", "dta": ".dta", "por": ".por", "xpt": ".xpt", "sas7bdat": ".sas7bdat",
        "parquet": ".parquet", "xlsx": ".xlsx"}  # fmt: skip


def _suffix(name: str) -> str:
    return name.removeprefix("old.")


def cut(name: str, part: float) -> Callable[[], bytes]:
    """The first part of a seed."""
    return lambda: seed(name)[: int(len(seed(name)) * part)]


def patched(name: str, *places: tuple[int, str, int]) -> Callable[[], bytes]:
    """A seed with numbers written over: offset, struct format, value."""

    def make() -> bytes:
        made = bytearray(seed(name))
        for at, form, value in places:
            struct.pack_into(form, made, at, value)
        return bytes(made)

    return make


def replaced(name: str, old: bytes, new: bytes) -> Callable[[], bytes]:
    """A seed with a text replaced wherever it stands."""

    def make() -> bytes:
        assert old in seed(name)
        return seed(name).replace(old, new)

    return make


def part_replaced(member: str, old: bytes, new: bytes) -> Callable[[], bytes]:
    """The workbook with a text inside of one of its parts replaced."""

    def make() -> bytes:
        parts = unzip(seed("xlsx"))
        assert old in parts[member], parts[member][:400]
        return rezip({**parts, member: parts[member].replace(old, new)})

    return make


def without(member: str) -> Callable[[], bytes]:
    """The workbook without one of its parts."""
    return lambda: rezip({name: part for name, part in unzip(seed("xlsx")).items() if name != member})


def long_blanks(megabytes: int, first: bytes = b"") -> bytes:
    """Many megabytes of blanks as one raw DEFLATE stream of about a thousandth of their size."""
    squeeze = zlib.compressobj(9, zlib.DEFLATED, -15)
    start = squeeze.compress(first) + squeeze.flush(zlib.Z_FULL_FLUSH)
    one = squeeze.compress(b" " * (1 << 20)) + squeeze.flush(zlib.Z_FULL_FLUSH)
    return start + one * megabytes + zlib.compressobj(9, zlib.DEFLATED, -15).flush()


def zip_bomb(stated: int | None = None) -> bytes:
    """A workbook whose sheet is a text of two gigabytes of blanks; ``stated`` is the size that it lays claim to."""
    parts = unzip(seed("xlsx"))
    whole = rezip({name: part for name, part in parts.items() if name != "xl/worksheets/sheet1.xml"})
    first = b'<worksheet><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>'
    stream, size, name = long_blanks(2048, first), stated or (2 << 30) + len(first), b"xl/worksheets/sheet1.xml"
    start = whole.index(b"PK\x01\x02")
    local = struct.pack("<IHHHHHIIIHH", 0x04034B50, 20, 0, 8, 0, 0, 0, len(stream), size, len(name), 0) + name + stream
    entry = struct.pack(
        "<IHHHHHHIIIHHHHHII", 0x02014B50, 20, 20, 0, 8, 0, 0, 0, len(stream), size, len(name), 0, 0, 0, 0, 0, start
    )  # fmt: skip
    end = whole.rindex(b"PK\x05\x06")
    count = len(parts)
    directory = whole[start:end] + entry + name
    closing = struct.pack("<IHHHHIIH", 0x06054B50, 0, 0, count, count, len(directory), start + len(local), 0)
    return whole[:start] + local + directory + closing


def gzip_bomb() -> bytes:
    """Two hundred megabytes of blanks as a csv file under gzip."""
    head = b"\x1f\x8b\x08\0\0\0\0\0\0\xff"
    return head + long_blanks(200) + struct.pack("<II", 0, 200 << 20)


def parquet_bomb() -> bytes:
    """Five million rows of three empty columns in some kilobytes."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    rows = 5_000_000
    column = pa.DictionaryArray.from_arrays(pa.nulls(rows, pa.int8()), pa.array([1.0]))
    made = io.BytesIO()
    pq.write_table(pa.table({f"v{place}": column for place in range(3)}), made, compression="zstd")
    return made.getvalue()


def sas_of(**numbers: int) -> Callable[[], bytes]:
    """The SAS data set with a number of its header changed."""
    places = {"page_size": 200, "page_count": 204, "header_size": 196}
    meta = {"row_length": 20, "rows": 24, "page_rows": 60}

    def make() -> bytes:
        made = bytearray(seed("sas7bdat"))
        sizes, columns = made.index(b"\xf7\xf7\xf7\xf7"), made.index(b"\xf6\xf6\xf6\xf6")
        for name, value in numbers.items():
            at = places[name] if name in places else sizes + meta[name] if name in meta else columns + 4
            struct.pack_into("<I", made, at, value)
        return bytes(made)

    return make


def stata_count(tag: bytes, form: str, value: int) -> Callable[[], bytes]:
    """The Stata file with the number behind a tag of its header changed."""

    def make() -> bytes:
        made = bytearray(seed("dta"))
        struct.pack_into(form, made, made.index(tag) + len(tag), value)
        return bytes(made)

    return make


def _xlsx_rows(rows: str) -> Callable[[], bytes]:
    def make() -> bytes:
        parts = unzip(seed("xlsx"))
        name = "xl/worksheets/sheet1.xml"
        start, end = parts[name].index(b"<sheetData>"), parts[name].index(b"</sheetData>")
        return rezip({**parts, name: parts[name][: start + 11] + rows.encode() + parts[name][end:]})

    return make


FAR = (
    '<row r="1"><c r="A1" t="inlineStr"><is><t>a</t></is></c></row>'
    '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
)
ENTITIES = b'<!DOCTYPE a [<!ENTITY b "lol"><!ENTITY c "' + b"&b;" * 100 + b'"><!ENTITY d "' + b"&c;" * 100 + b'">]>'

CASES = [
    *(
        Case(name=f"{name} cut at {part:.0%}", file=f"cut.{_suffix(name)}", content=cut(name, part))
        for name in BINARY
        for part in (0.01, 0.3, 0.7)
    ),
    *(
        Case(
            name=f"{name} without its last byte",
            file=f"last.{_suffix(name)}",
            content=lambda name=name: seed(name)[:-1],
        )
        for name in ("dta", "parquet", "xpt")
    ),
    *(
        Case(
            name=f"{inside} as {suffix}",
            file=f"wrong{suffix}",
            content=lambda inside=inside: seed(inside),
            says=("wrong", "Give it the suffix"),
        )
        for inside, suffix in (
            ("sav", ".dta"),
            ("dta", ".sav"),
            ("xlsx", ".csv"),
            ("parquet", ".xlsx"),
            ("xpt", ".por"),
            ("sas7bdat", ".sav"),
            ("zsav", ".parquet"),
            ("por", ".tsv"),
            ("csv", ".sas7bdat"),
        )
    ),
    *(
        Case(name=f"zeros as {suffix}", file=f"zeros{suffix}", content=bytes(5000), says=("zeros",))
        for suffix in (".sav", ".dta", ".xlsx", ".parquet", ".por", ".xpt", ".sas7bdat", ".csv", ".xls", ".ods")
    ),
    Case(name="PDF as sav", file="paper.sav", content=b"%PDF-1.7\n" + bytes(900), says=("PDF",)),
    Case(name="sav of two billion rows", file="many.sav", content=patched("sav", (80, "<i", 2**31 - 1)), status=0),
    Case(name="sav of minus five rows", file="minus.sav", content=patched("sav", (80, "<i", -5)), status=0),
    Case(name="sav of a huge row", file="wide.sav", content=patched("sav", (68, "<i", 2**31 - 1)), status=0),
    Case(name="sav of an unknown compression", file="comp.sav", content=patched("sav", (72, "<i", 77)), status=0),
    Case(name="sav of a text 30,000 wide", file="text.sav", content=patched("sav", (180, "<i", 30_000))),
    Case(
        name="zsav whose blocks lie outside",
        file="blocks.zsav",
        content=lambda: seed("zsav")[:-24] + struct.pack("<qqii", 2**40, 2**40, 2**31 - 1, 2**31 - 1),
    ),
    Case(
        name="zsav whose blocks are huge",
        file="size.zsav",
        content=lambda: seed("zsav")[:-8] + struct.pack("<ii", 2**31 - 1, 0x198),
    ),
    Case(name="dta of 2^60 rows", file="rows.dta", content=stata_count(b"<N>", "<Q", 2**60)),
    Case(name="dta of 65,000 columns", file="columns.dta", content=stata_count(b"<K>", "<H", 65_000)),
    Case(name="old dta of two billion rows", file="old.dta", content=patched("old.dta", (6, "<i", 2**31 - 1))),
    Case(name="old dta of 32,000 columns", file="wide.dta", content=patched("old.dta", (4, "<H", 32_000))),
    Case(name="xpt of 9999 columns", file="wide.xpt", content=replaced("xpt", b"000000000500", b"000000999900")),
    Case(name="por of a million columns", file="wide.por", content=replaced("por", b"43/", b"4ZZZZ/")),
    *(
        Case(name=f"sas7bdat with {key} {value}", file="bad.sas7bdat", content=sas_of(**{key: value}))
        for key, value in (
            ("rows", 2**31 - 1),
            ("row_length", 2**30),
            ("page_size", 2**24),
            ("page_count", 2**24),
            ("columns", 2**31 - 1),
            ("columns", 2**20),
            ("header_size", 2**24),
        )
    ),
    Case(name="xlsx with a cell at the far corner", file="far.xlsx", content=_xlsx_rows(FAR)),
    Case(
        name="xlsx with a cell outside of the sheet",
        file="outside.xlsx",
        content=_xlsx_rows('<row r="1"><c r="ZZZZZZ99999999999"><v>1</v></c></row>'),
    ),
    Case(
        name="xlsx with a shared string that is not there",
        file="string.xlsx",
        content=_xlsx_rows('<row r="1"><c r="A1" t="s"><v>99999</v></c></row>'),
    ),
    Case(
        name="xlsx of entities",
        file="lol.xlsx",
        content=part_replaced("xl/worksheets/sheet1.xml", b"<worksheet", ENTITIES + b"<worksheet"),
        status=0,
    ),
    Case(name="xlsx without a sheet", file="nosheet.xlsx", content=without("xl/worksheets/sheet1.xml")),
    Case(name="xlsx without a workbook", file="nobook.xlsx", content=without("xl/workbook.xml")),
    Case(name="xlsx of an empty sheet", file="empty.xlsx", content=_xlsx_rows(""), says=("empty",)),
    Case(name="zip bomb", file="bomb.xlsx", content=zip_bomb),
    Case(name="zip bomb that lies", file="liar.xlsx", content=lambda: zip_bomb(5000)),
    Case(name="gzip bomb", file="bomb.csv.gz", content=gzip_bomb),
    Case(name="gzip cut short", file="cut.csv.gz", content=gzip.compress(PLAIN * 9, mtime=0)[:-30], says=("gzip",)),
    Case(name="parquet of fifteen million empty cells", file="bomb.parquet", content=parquet_bomb, status=0),
    Case(
        name="parquet with another magic at its end",
        file="magic.parquet",
        content=lambda: seed("parquet")[:-4] + b"PARX",
    ),
    Case(
        name="parquet whose footer is longer than the file",
        file="footer.parquet",
        content=lambda: seed("parquet")[:-8] + struct.pack("<I", 2**31 - 1) + b"PAR1",
    ),
    Case(name="csv as parquet", file="text.parquet", content=TABLE.encode(), says=("plain text",)),
]
