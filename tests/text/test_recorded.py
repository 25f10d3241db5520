"""Numbers, levels and lists in every language, at the places where they turn."""

from __future__ import annotations

import pytest
from recorded import same

from surveytool.notes import Note, note
from surveytool.text import LANGUAGES, words


@pytest.mark.parametrize("language", LANGUAGES)
def test_numbers_levels_and_lists(language: str) -> None:
    w = words(language)
    told = [
        f"number {value} {decimals}: {w.number(value, decimals)}"
        for value in (None, 0, 0.05, 0.5, -0.04, 1234.5, -1234567.891, 999999.5, 1e12, 2.675, 1.005)
        for decimals in (0, 1, 2)
    ]
    told += [
        f"percent {share} {decimals}: {w.percent(share, decimals)} {w.percent(share, decimals, sign=False)}"
        for share in (None, 0.0, 0.0004, 0.0005, 0.47, 0.99949, 0.9995, 1.0, 1.2, -0.3)
        for decimals in (0, 1, 3)
    ]
    told += [
        f"interval {low} {high}: {w.interval(low, high)} {w.interval(low, high, 2, percent=False)}"
        for low, high in ((0.1, 0.2), (-0.1, 0.2), (None, 0.2), (0.1, None), (-0.2, -0.1), (0.0001, 0.9999))
    ]
    told += [f"level {level}: {w.level(level)}" for level in (0.95, 0.9, 0.999, 0.995, 0.8, 0.683)]
    told += [f"join {n}: {w.join([f'a{place}' for place in range(n)])}" for n in range(14)]
    told += [f"join most: {w.join('abcdef', 3)}", f"fill: {w.fill('nothing', n=1)}", w.word("nothing at all")]
    told += [
        w.say(Note("nothing", (("n", 3), ("x", (1, 2.5, True))))),
        w.say(Note("nothing")),
        w.say(note("zero_weights")),
    ]
    told += [w.say(note("zero_weights", n=n)) for n in (0, 1, 2, 1234)]
    same("text", f"numbers-{language}.txt", "\n".join(told))
