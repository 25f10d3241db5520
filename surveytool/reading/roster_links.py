"""How the rows of a roster find their interview: Kobo's ``_parent_index``, ODK's ``PARENT_KEY``, a uuid of both."""

from __future__ import annotations

from collections.abc import Sequence

from surveytool.frozen import frozen

# a roster's column and the parent's that it points at, the surest first
PAIRS = (
    ("PARENT_KEY", "KEY"), ("_parent_index", "_index"), ("_parent_index", "index"),
    ("_submission__uuid", "_uuid"), ("_submission__id", "_id"), ("_parent_uuid", "uuid"), ("_uuid", "_uuid"),
    ("uuid", "uuid"),
)  # fmt: skip
ROSTER_COLUMNS = ("_parent_index", "PARENT_KEY", "_parent_table_name")
PARENT_TITLE = "_parent_table_name"


@frozen
class Link:
    """``parent`` is the roster's column, ``key`` the column of its parent sheet that it points at."""

    parent: str
    key: str


def link_of(names: Sequence[str], above: Sequence[str]) -> Link | None:
    """The link between a roster's columns and those of its parent; None where no known pair is there.

    >>> link_of(["age", "_index", "_parent_index"], ["sex", "_index"])
    Link(parent='_parent_index', key='_index')
    """
    last = {name.rpartition("/")[2]: name for name in reversed(names)}
    over = {name.rpartition("/")[2]: name for name in reversed(above)}
    for parent, key in PAIRS:
        if parent in last and key in over:
            return Link(parent=last[parent], key=over[key])
    return None
