"""New random designs each run: R's survey package and surveytool must give the same numbers."""

from __future__ import annotations

import os
import random
from collections.abc import Callable

import pytest
from golden import live


def test_random_designs_agree_with_r(record_property: Callable[[str, object], None]) -> None:
    why = live.available()
    if why:
        pytest.skip(f"no live comparison with R: {why}")
    fixed = "2028" if os.environ.get("CI") else None  # the same verdict on every run there; elsewhere new designs
    seed = int(os.environ.get("SURVEYTOOL_SEED") or fixed or random.SystemRandom().randrange(10**6))
    agreed, wrong, *_ = live.compare(300, seed)
    told = f"live comparison with R, seed {seed}: {agreed.total()} numbers agree, {len(wrong)} differ"
    record_property("told", "\n  differs: ".join([told, *wrong]))
    # R goes astray in rare degenerate designs. One design a run is shown, to be explained; a defect of ours meets many.
    assert len({each.split()[0] for each in wrong}) <= 1, (f"SURVEYTOOL_SEED={seed}", wrong)
    assert agreed.total() > 3000
    assert all(agreed[kind] >= 5 for kind in live.ALL), agreed
