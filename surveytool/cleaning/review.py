"""Two cleaned files held against each other: the interviews and cells that differ, by name and number."""

from __future__ import annotations

from collections import Counter

from surveytool.cleaning.applied_log import _uuid_column
from surveytool.cleaning.export_sheets import Export, Sheet, shown
from surveytool.frozen import frozen


@frozen
class Review:
    """How one file differs from another: cells by question, interviews and questions that only one has."""

    cells: int
    same: int
    differs: tuple[tuple[str, int], ...]
    only_here: int
    only_there: int
    columns_here: tuple[str, ...]
    columns_there: tuple[str, ...]

    @property
    def agrees(self) -> bool:
        """Whether every interview, question and cell of both is the same."""
        return not (self.differs or self.only_here or self.only_there or self.columns_here or self.columns_there)


def review(here: Export, there: Export, *, uuid: str | None = None) -> Review:
    """The interviews' sheet of two exports, cell by cell; numbers are the same where they are equal."""
    one, other = here.main, there.main
    mine, theirs = _by_key(one, uuid, str(here.path)), _by_key(other, uuid, str(there.path))
    shared = [name for name in one.names if name in other.names]
    places = [(name, one.column(name), other.column(name)) for name in shared]
    differs: Counter[str] = Counter()
    cells = 0
    for key in mine.keys() & theirs.keys():
        cells += len(places)
        for name, left, right in places:
            differs[name] += not _equal(shown(mine[key][left]), shown(theirs[key][right]))
    order = {name: index for index, name in enumerate(shared)}
    told = tuple(sorted(((name, n) for name, n in differs.items() if n), key=lambda each: order[each[0]]))
    return Review(
        cells=cells, same=cells - sum(n for _, n in told), differs=told, only_here=len(mine.keys() - theirs.keys()),
        only_there=len(theirs.keys() - mine.keys()),
        columns_here=tuple(name for name in one.names if name not in other.names),
        columns_there=tuple(name for name in other.names if name not in one.names),
    )  # fmt: skip


def _by_key(sheet: Sheet, uuid: str | None, where: str) -> dict[str, list[object]]:
    place = _uuid_column(sheet, uuid, where)
    return {shown(row[place]).strip(): row for row in sheet.rows}


def _equal(left: str, right: str) -> bool:
    left, right = ("" if text in ("NA", "<NA>") else text.strip() for text in (left, right))
    if left == right:
        return True
    try:
        return float(left) == float(right)
    except ValueError:
        return False
