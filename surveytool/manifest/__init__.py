"""Where numbers come from, kept beside them: files with their hashes, rows, settings, versions.

A manifest holds names and hashes, never a path of the machine and never an answer.
Without a time that the user gives it is the same bytes each run. Of a live table it
holds the address without a password, the rows and the time.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from surveytool.manifest.compare import Change, changes
    from surveytool.manifest.make import mark, source_mark
    from surveytool.manifest.model import Manifest, Mark, read_manifest, written

_HOMES = {
    "Change": "compare", "Manifest": "model", "Mark": "model", "changes": "compare", "mark": "make",
    "read_manifest": "model", "source_mark": "make", "written": "model",
}  # fmt: skip

__all__ = ["Change", "Manifest", "Mark", "changes", "mark", "read_manifest", "source_mark", "written"]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'surveytool.manifest' has no attribute {name!r}")
    return getattr(import_module(f"surveytool.manifest.{_HOMES[name]}"), name)
