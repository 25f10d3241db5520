"""Small, well-formed files of every binary format, the same bytes each time: what the broken ones are made from.

Writers put the time of day into their headers; it is painted over here, so that
a seed and its mutations never change.
"""

from __future__ import annotations

import io
import re
import zipfile
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hostile.sas7bdat import write as write_sas

ROWS = 40
SEX = [1.0 + place % 2 for place in range(ROWS)]
AGE = [18.0 + place * 7 % 50 for place in range(ROWS)]
DAY = [13_900_000_000.0 + 86_400 * place for place in range(ROWS)]
TOWN = [("Tapachula", "Necoclí", "Danlí", "")[place % 4] for place in range(ROWS)]
WEIGHT = [0.5 + place % 3 for place in range(ROWS)]
LABELS = {"sex": {1.0: "Male", 2.0: "Female"}}
TITLES = {"sex": "Sex of respondent", "age": "Age in years", "town": "Town of interview", "weight": "Weight"}


def _frame() -> Any:
    import pandas as pd

    return pd.DataFrame({"sex": SEX, "age": AGE, "day": DAY, "town": TOWN, "weight": WEIGHT})


def _statistical(writer: str, suffix: str, **more: Any) -> bytes:
    import pyreadstat

    with TemporaryDirectory() as folder:
        path = Path(folder, f"seed{suffix}")
        getattr(pyreadstat, writer)(_frame(), str(path), column_labels=TITLES, **more)
        return path.read_bytes()


def sav() -> bytes:
    """An SPSS file with labels, declared missing values and a date."""
    made = _statistical(
        "write_sav", ".sav", variable_value_labels=LABELS, missing_ranges={"age": [{"lo": 60, "hi": 99}]},
        variable_format={"day": "DATETIME20"},
    )  # fmt: skip
    return _sav_clock(made)


def zsav() -> bytes:
    """A zlib-compressed SPSS file."""
    return _sav_clock(_statistical("write_sav", ".zsav", variable_value_labels=LABELS, compress=True))


def _sav_clock(made: bytes) -> bytes:
    return made[:92] + b"01 Jan 2310:00:00" + made[109:]


def dta() -> bytes:
    """A Stata file (118) with labels."""
    made = _statistical("write_dta", ".dta", variable_value_labels=LABELS)
    return re.sub(rb"\d\d \w{3} \d{4} \d\d:\d\d", b"01 Jan 2023 10:00", made)


def old_dta() -> bytes:
    """A Stata file of version 8 (113), whose header holds numbers only."""
    made = _statistical("write_dta", ".dta", variable_value_labels=LABELS, version=8)
    return re.sub(rb"\d\d \w{3} \d{4} \d\d:\d\d", b"01 Jan 2023 10:00", made)


def xpt() -> bytes:
    """A SAS transport file."""
    made = _statistical("write_xport", ".xpt", table_name="SEED", file_format_version=5)
    return re.sub(rb"\d\d[A-Z]{3}\d\d:\d\d:\d\d:\d\d", b"01JAN23:10:00:00", made)


def por() -> bytes:
    """An SPSS portable file."""
    import pandas as pd
    import pyreadstat

    frame = pd.DataFrame(
        {"SEX": SEX, "AGE": AGE, "TOWN": [place.encode("ascii", "replace").decode() for place in TOWN]}
    )
    with TemporaryDirectory() as folder:
        path = Path(folder, "seed.por")
        pyreadstat.write_por(frame, str(path))
        made = path.read_bytes()
    clock = re.search(rb"PORTA8/([\d\r\n]+)6/([\d\r\n]+)8/Read", made)
    assert clock is not None
    return made[: clock.start()] + re.sub(rb"[0-57-9](?!/)", b"1", clock[0]) + made[clock.end() :]


def sas7bdat() -> bytes:
    """A SAS data set of one page of columns and one of rows."""
    return write_sas(
        {"sex": SEX, "age": AGE, "town": TOWN, "weight": WEIGHT},
        {name: title for name, title in TITLES.items() if name != "day"},
    )


def parquet() -> bytes:
    """A Parquet file."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    sex = [("Male", "Female")[int(code) - 1] for code in SEX]
    table = pa.table({"sex": sex, "age": AGE, "town": TOWN, "weight": WEIGHT})
    made = io.BytesIO()
    pq.write_table(table, made, compression="snappy")
    return made.getvalue()


def xlsx() -> bytes:
    """An Excel workbook."""
    import openpyxl

    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["sex", "age", "town", "weight"])
    for row in zip(SEX, AGE, TOWN, WEIGHT, strict=True):
        sheet.append(list(row))
    made = io.BytesIO()
    book.save(made)
    return rezip(unzip(made.getvalue()))


def unzip(archive: bytes) -> dict[str, bytes]:
    """The members of a zip archive."""
    with zipfile.ZipFile(io.BytesIO(archive)) as found:
        return {name: found.read(name) for name in found.namelist() if name != "docProps/core.xml"}


def rezip(members: dict[str, bytes]) -> bytes:
    """A zip archive with the time painted over."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(zipfile.ZipInfo(name, (2023, 1, 1, 10, 0, 0)), content, zipfile.ZIP_DEFLATED)
    return made.getvalue()


def csv() -> bytes:
    """A text file with quotes, accents and blank cells."""
    rows = [f'{int(s)},{int(a)},"{t}",{w}' for s, a, t, w in zip(SEX, AGE, TOWN, WEIGHT, strict=True)]
    return "\n".join(["sex,age,town,weight", *rows, ""]).encode()


SEEDS = {
    "sav": sav, "zsav": zsav, "dta": dta, "old.dta": old_dta, "xpt": xpt, "por": por, "sas7bdat": sas7bdat,
    "parquet": parquet, "xlsx": xlsx, "csv": csv,
}  # fmt: skip


@cache
def seed(name: str) -> bytes:
    """The bytes of one seed by its suffix."""
    return SEEDS[name]()
