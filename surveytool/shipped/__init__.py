"""Files that come with the package: the example and its studies, the template, the schema, the glossary.

In a checkout they lie where people read them (``examples``, ``configs``, ``docs``);
a wheel carries them in ``shipped/files``.
"""

from __future__ import annotations

from pathlib import Path

from surveytool.errors import UsageError
from surveytool.lazy import lazy_names

# name -> where it lies in a checkout; pyproject.toml puts the same into the wheel, and a test compares them
FILES = {
    "transit.sav": "examples/iom_2023/transit.sav",
    "transit.csv": "examples/iom_2023/transit.csv",
    "labels.csv": "examples/iom_2023/labels.csv",
    "iom_2023.toml": "configs/iom_2023.toml",
    "iom_2023_release.toml": "configs/iom_2023_release.toml",
    "template.toml": "configs/template.toml",
    "study.schema.json": "configs/study.schema.json",
    "online.csv": "examples/found/online.csv",
    "survey.csv": "examples/found/survey.csv",
    "drawn.csv": "examples/found/drawn.csv",
    "drawn.toml": "examples/found/drawn.toml",
    "truth.csv": "examples/found/truth.csv",
    "glossary.md": "docs/glossary.md",
}

__all__ = ["FILES", "content", "content_bytes", "example_files", "in_one_folder"]

__getattr__ = lazy_names(__name__, {"example": ["example_files", "in_one_folder"]})


def content(name: str) -> str:
    """The text of a shipped file. Raises ``UsageError`` where the installation lacks it."""
    return content_bytes(name).decode("utf-8")


def content_bytes(name: str) -> bytes:
    """The bytes of a shipped file. Raises ``UsageError`` where the installation lacks it."""
    root = Path(__file__).resolve().parent
    for path in (root / "files" / name, root.parents[1] / FILES[name]):
        if path.is_file():
            return path.read_bytes()
    raise UsageError(f"this installation has no {name}.", "surveytool", "Install surveytool again.")
