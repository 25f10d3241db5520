"""Options that were found in the data (stops, legs): those that occur in a table, the most frequent first."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from surveytool.aggregate.cells import Cells, Tally

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from surveytool.arrays import Keys


def ranked(tally: Tally) -> Tally:
    """A question with several answers with its options by their weighted totals, largest first.

    Options that no respondent of the table has are left out, unless all are. The
    order is that of the total, of all groups together where there is none.
    """
    if not tally.multiple or not tally.levels or not tally.cells:
        return tally
    deciding = tally.cells[:1] if not tally.cells[0].breakdown.names else tally.cells
    totals = np.sum([cells.totals()[:, 0, 1:].sum(axis=0) for cells in deciding], axis=0)
    some = np.any([_counts(cells) for cells in tally.cells], axis=0)
    places = np.flatnonzero(some) if some.any() else np.arange(len(tally.levels))
    order = np.array(sorted(places, key=lambda index: (-totals[index], index)), dtype=np.intp)
    return replace(
        tally,
        levels=tuple(tally.levels[index] for index in order),
        trips=tuple(tally.trips[index] for index in order) if tally.trips else (),
        cells=tuple(_taken(cells, order) for cells in tally.cells),
    )


def _counts(cells: Cells) -> NDArray[np.bool_]:
    assert cells.count is not None
    return np.asarray(cells.count.sum(axis=0) > 0)


def _taken(cells: Cells, order: Keys) -> Cells:
    """Cells with some of the options, in an order: moment 0 is the respondents' own."""
    moments = np.concatenate([[0], order + 1])
    replication = cells.replication
    if replication is not None:
        replication = replace(replication, totals=replication.totals[..., moments])
    second = cells.second
    return replace(
        cells,
        first=cells.first[..., moments],
        second=None if second is None else second[..., moments, :][..., moments],
        cross=cells.cross[..., moments, :][..., moments],
        count=None if cells.count is None else cells.count[:, order],
        replication=replication,
    )
