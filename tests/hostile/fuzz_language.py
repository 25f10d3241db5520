"""Coverage-guided fuzzing of the two languages that we parse ourselves: conditions and study files.

    python tests/hostile/fuzz_language.py where -runs=100000
    python tests/hostile/fuzz_language.py study -runs=20000

Needs ``atheris``, which no one must install. Further options are libFuzzer's. A
find is an exception that is no error of ours; its input is written beside.
"""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

import atheris  # noqa: E402

with atheris.instrument_imports(include=["surveytool.aggregate.where", "surveytool.study"]):
    from surveytool.aggregate.where import names, parse
    from surveytool.study.load import examine

from surveytool.errors import SurveytoolError  # noqa: E402

FOLDER = tempfile.TemporaryDirectory()
PARTS = (
    '[data]\npath = "x.csv"\n', '[[tables]]\nvariable = "sex"\n', 'by = ["a", "b:c"]\n', "[design]\n", 'psu = ["p"]\n',
    "[variables.sex]\nlabel = 'x'\n", "where = 'a == 1 and b in (2, 3)'\n", "[[recodes]]\nname = 'b'\nfrom = 'a'\n",
    "type = 'bands'\n", "[[claims]]\nid = 'c'\npublished = 0.5\n", "[output]\nlanguage = 'en'\n", "level = 0.95\n",
    "[[routes]]\n", "stops = ['s_*']\n", "[protect]\n", "x.y.z = 1\n", "'", '"', "]", "}", "{ a = 1 }\n", "= \n", "#",
)  # fmt: skip
WORDS = ("age", " >= ", "18", " and ", " or ", "not ", "(", ")", " in ", "'F'", "`a b`", " is missing", ",", "==", ".a")


def _text(content: bytes, parts: tuple[str, ...]) -> str:
    """Bytes as a text: some of them stand for whole parts of the language."""
    data = atheris.FuzzedDataProvider(content)
    made = []
    while data.remaining_bytes() and len(made) < 200:
        if data.ConsumeBool():
            made.append(parts[data.ConsumeIntInRange(0, len(parts) - 1)])
        else:
            made.append(data.ConsumeUnicodeNoSurrogates(data.ConsumeIntInRange(1, 12)))
    return "".join(made)


def where(content: bytes) -> None:
    """A condition is read or refused."""
    try:
        list(names(parse(_text(content, WORDS))))
    except SurveytoolError as error:
        assert "\n" not in str(error)


def study(content: bytes) -> None:
    """A study file is read or its problems are told, a line each."""
    path = Path(FOLDER.name, "study.toml")
    path.write_text(_text(content, PARTS), encoding="utf-8")
    try:
        draft = examine(path)
    except SurveytoolError as error:
        assert "\n" not in str(error)
    else:
        assert all("\n" not in str(each) for each in draft.problems)


if __name__ == "__main__":
    target = {"where": where, "study": study}[sys.argv[1]]
    kept = Path(FOLDER.name, "finds")
    kept.mkdir()
    atheris.Setup([sys.argv[0], *sys.argv[2:], f"-artifact_prefix={os.environ.get('FINDS', kept)}/"], target)
    atheris.Fuzz()
