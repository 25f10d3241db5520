"""Where numbers come from, kept beside them: files with their hashes, rows, settings, versions.

A manifest holds names and hashes, never a path of the machine and never an answer.
Without a time that the user gives it is the same bytes each run. Of a live table it
holds the address without a password, the rows and the time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from surveytool.lazy import lazy_names

if TYPE_CHECKING:
    from surveytool.manifest.manifest_changes import Change, changes
    from surveytool.manifest.manifest_file import Manifest, Mark, read_manifest, written
    from surveytool.manifest.manifest_hashes import mark, source_mark


__all__ = ["Change", "Manifest", "Mark", "changes", "mark", "read_manifest", "source_mark", "written"]


__getattr__ = lazy_names(
    __name__,
    {
        "manifest_changes": ["Change", "changes"],
        "manifest_file": ["Manifest", "Mark", "read_manifest", "written"],
        "manifest_hashes": ["mark", "source_mark"],
    },
)
