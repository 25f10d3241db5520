"""Versions of a form: a question that an early version did not have was not asked there, and not left blank.

Exports name the version of each interview (``__version__``, ``FormVersion``). Where nobody of a version has an answer,
though several were to be asked, and others have, the version lacks the question.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from surveytool.frozen import frozen

if TYPE_CHECKING:
    from surveytool.arrays import Flags, Truth

COLUMNS = ("__version__", "_version_", "FormVersion", "formVersion", "form_version", "version")
ENOUGH = 5
MOST = 50


@frozen
class Versions:
    """The version of each interview: ``keys`` [rows] into ``names``, -1 where it is blank."""

    keys: Any
    names: tuple[str, ...]

    def lacking(self, answered: Flags, truth: Truth) -> dict[str, Flags]:
        """Versions without a question, with their interviews [rows]: ``answered`` and ``truth`` [rows] are its own."""
        found: dict[str, Flags] = {}
        for index, name in enumerate(self.names):
            here = self.keys == index
            if int((here & (truth == 1)).sum()) >= ENOUGH and not (here & answered).any():
                found[name] = here
        return found if 0 < len(found) < len(self.names) and answered.any() else {}


def versions_of(table: Any) -> Versions | None:
    """The versions of a table of interviews; None where it does not tell, or all have the same."""
    from surveytool.collection_form.coding import cells_of

    name = next((column for column in COLUMNS if column in table.column_names), None)
    if name is None:
        return None
    cells = cells_of(table.column(name))
    many = len(np.unique(cells.keys[cells.keys >= 0]))
    return Versions(keys=cells.keys, names=cells.values) if 2 <= many <= MOST else None
