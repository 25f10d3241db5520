"""What a format may be told beside the report."""

from __future__ import annotations

from surveytool.frozen import frozen


@frozen
class Options:
    """``width`` in columns, ``colour`` and ``bars``: for the terminal; files take no notice of them.

    ``bars`` None draws intervals where a wide screen has room for them.
    """

    width: int = 100
    colour: bool = False
    bars: bool | None = None
