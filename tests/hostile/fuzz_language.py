"""Coverage-guided fuzzing of conditions and study files, the two languages that we parse ourselves.

    python tests/hostile/fuzz_language.py condition -runs=100000
    python tests/hostile/fuzz_language.py study -runs=20000

Needs ``atheris``, which no one must install. Further options are libFuzzer's. A
find is an exception that is no error of ours; with ``-artifact_prefix=FOLDER/``
its input is kept.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

import atheris  # noqa: E402

with atheris.instrument_imports(include=["surveytool.aggregate.where_language", "surveytool.study"]):
    from hostile import language

FOLDER = tempfile.TemporaryDirectory()


def text_of(content: bytes, parts: tuple[str, ...]) -> str:
    """Bytes as a text: some of them stand for whole parts of the language."""
    data = atheris.FuzzedDataProvider(content)
    made = []
    while data.remaining_bytes() and len(made) < 200:
        if data.ConsumeBool():
            made.append(parts[data.ConsumeIntInRange(0, len(parts) - 1)])
        else:
            made.append(data.ConsumeUnicodeNoSurrogates(data.ConsumeIntInRange(1, 12)))
    return "".join(made)


def condition(content: bytes) -> None:
    """One run for ``--where``."""
    language.condition(text_of(content, language.CONDITION))


def study(content: bytes) -> None:
    """One run for a study file."""
    language.study(text_of(content, language.STUDY), Path(FOLDER.name, "study.toml"))


if __name__ == "__main__":
    target = {"condition": condition, "study": study}[sys.argv[1]]
    atheris.Setup([sys.argv[0], f"-artifact_prefix={FOLDER.name}/", *sys.argv[2:]], target)
    atheris.Fuzz()
