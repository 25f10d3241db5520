"""On a screen: nothing wider than the screen, nothing cut off, columns aligned in every script."""

import re
from types import ModuleType
from typing import Any

import pytest
from rich.cells import cell_len

from surveytool.render import render
from surveytool.render.terminal_width import wrap
from surveytool.table import report
from surveytool.text import words

EN = words("en")
LONG = "Utilizó las redes sociales para informarse sobre la ruta migratoria antes de salir del país"
SCRIPTS = ("العربية", "עברית 18-25", "日本語の回答", "👩‍👩‍👧 family 🇨🇴", "é combined e\u0301", LONG)


def shown(results: Any, width: int = 80, colour: bool = False) -> str:
    return render(report(results, EN), "terminal", EN, width=width, colour=colour).decode()


def without_colour(text: str) -> str:
    return re.sub(r"\x1b\[[0-9;]*m", "", text)


@pytest.mark.parametrize("width", [80, 100, 120, 200])
def test_no_line_is_wider_than_the_screen(samples: ModuleType, width: int) -> None:
    scripts = samples.breakdown("s", "Idioma " * 20, SCRIPTS)
    tables = [each for results in samples.shapes().values() for each in results.estimates]
    tables += [samples.shares("q", LONG, SCRIPTS[:k], (scripts, samples.SEX)) for k in (1, 2, 4, 6)]
    text = shown(samples.results(*tables), width)
    assert max(map(cell_len, text.splitlines())) <= width
    assert "…" not in text and "..." not in text


@pytest.mark.parametrize("width", [1, 20, 40])
def test_narrow_screens_keep_every_number(samples: ModuleType, width: int) -> None:
    for results in samples.shapes().values():
        text = shown(results, width)
        for table in report(results, EN).tables:
            cells = [cell for row in table.rows for cell in row.cells]
            assert all(cell.figure in text and cell.interval in text for cell in cells)


def test_colour_changes_no_letter(samples: ModuleType) -> None:
    for results in samples.shapes().values():
        bright = shown(results, colour=True)
        assert "\x1b[1m" in bright and "\x1b[2m" in bright
        lines = [line.rstrip() for line in without_colour(bright).splitlines()]
        assert lines == shown(results).splitlines()
        assert "\x1b" not in shown(results)


@pytest.mark.parametrize("shape", ["two_levels", "mean_by", "twelve_groups", "crossed"])
def test_decimal_points_stand_under_each_other(samples: ModuleType, shape: str) -> None:
    lines = shown(samples.shapes()[shape]).splitlines()
    rows = [line for line in lines if re.search(r"\d\.\d.*\d\.\d", line)]
    assert len({re.search(r"\d\.\d", line).start() for line in rows}) == 1  # type: ignore[union-attr]
    assert len({len(line) for line in rows}) == 1


@pytest.mark.parametrize("width", [80, 120])
def test_every_script_keeps_the_columns(samples: ModuleType, width: int) -> None:
    group = samples.breakdown("s", "Language", SCRIPTS)
    lines = shown(samples.results(samples.shares("q", "Q", ("Yes", "No"), (group,))), width).splitlines()
    rows = [line for line in lines if re.search(r"\d\.\d +\(", line)]
    assert len(rows) == 1 + len(SCRIPTS) and len({cell_len(line) for line in rows}) == 1


def test_right_to_left_labels_are_isolated_and_others_are_not(samples: ModuleType) -> None:
    group = samples.breakdown("s", "Language", ("العربية", "Français"))
    text = shown(samples.results(samples.shares("q", "Q", ("Yes", "No"), (group,))))
    assert "\u2068العربية\u2069" in text and text.count("\u2068") == 1


def test_a_wide_table_repeats_its_stub(samples: ModuleType) -> None:
    text = shown(samples.shapes()["multiple"], 80)
    assert text.count("GPS and maps") == 2 and text.count("What the phone was used for") == 1
    assert shown(samples.shapes()["multiple"], 200).count("GPS and maps") == 1


def test_breakdowns_stay_whole_where_they_can(samples: ModuleType) -> None:
    text = shown(samples.shapes()["multiple"], 80)
    heads = [line for line in text.splitlines() if "18-25" in line]
    assert len(heads) == 1 and all(age in heads[0] for (age,) in samples.AGE.groups)


def test_a_rule_stands_above_and_below_the_head_and_at_the_foot(samples: ModuleType) -> None:
    lines = shown(samples.shapes()["topline"]).splitlines()
    rules = [place for place, line in enumerate(lines) if set(line) == {"─"}]
    assert len(rules) == 3 and rules[1] == rules[0] + 2
    assert not set("│┃|") & set("".join(lines))


def test_words_wrap_and_long_ones_break() -> None:
    assert wrap("one two three", 7) == ["one two", "three"]
    assert wrap("abcdefgh", 3) == ["abc", "def", "gh"] and wrap("", 5) == [""]
    assert wrap("日本語", 4) == ["日本", "語"] and wrap("日本", 1) == ["日", "本"]


# Bars -----------------------------------------------------------------------------------------------------


def barred(results: Any, width: int = 110, bars: bool | None = None) -> list[str]:
    return render(report(results, EN), "terminal", EN, width=width, bars=bars).decode().splitlines()


def test_bars_stand_where_the_screen_has_room(samples: ModuleType) -> None:
    results = samples.shapes()["two_levels"]
    assert any("●" in line for line in barred(results)) and not any("●" in line for line in barred(results, 99))
    assert not any("●" in line for line in barred(results, 110, bars=False))
    assert any("●" in line for line in barred(samples.shapes()["topline"], 80, bars=True))
    assert not any("●" in line for line in barred(samples.shapes()["many_by_twelve"], 110, bars=True)), "no room"


def test_a_bar_lies_where_the_scale_says(samples: ModuleType) -> None:
    """Cells between the axes, in units of the scale's ends, are those of the estimate and of its interval."""
    results = samples.shapes()["topline"]
    lines = [line for line in barred(results, 110) if "●" in line]
    head = next(line for line in barred(results, 110) if "Percent" in line and "%" in line.rpartition("Percent")[2])
    low, high = (float(end) / 100 for end in re.findall(r"(\d+)%", head)[-2:])
    rows = results.estimates[0].rows
    assert len(lines) == len(rows)
    for line, row in zip(lines, rows, strict=True):
        bar = line[line.index("│") + 1 : line.rindex("│")]
        unit = (high - low) / len(bar)
        assert low + bar.index("●") * unit <= row.estimate <= low + (bar.index("●") + 1) * unit
        first, last = re.search("[─●]", bar), bar.rstrip()
        assert first is not None and abs(low + first.start() * unit - row.ci_low) <= unit
        assert abs(low + len(last) * unit - row.ci_high) <= unit


def test_a_figure_that_is_not_shown_has_no_bar(samples: ModuleType) -> None:
    rows = [samples.share("q", "a", {}, 0.4, 50), samples.share("q", "b", {}, 0.3, 50)]
    rows.append(samples.share("q", "c", {}, 0.123, 7, flag="suppressed"))
    lines = barred(samples.results(samples.shares("q", "Q", ("a", "b", "c"), rows=rows)))
    bars = [line for line in lines if line.endswith("│")]
    assert [("●" in line) for line in bars] == [True, True, False] and len({len(line) for line in bars}) == 1


def test_bars_of_means_have_a_scale_of_their_own(samples: ModuleType) -> None:
    lines = barred(samples.shapes()["mean_by"])
    assert any(re.search(r"\d +Mean.* [\d.]+$", line) for line in lines)
    assert sum("●" in line for line in lines) == len(samples.shapes()["mean_by"].estimates[0].rows)
