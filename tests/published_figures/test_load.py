"""Claims from a csv: how figures are written, and every wrong line at once."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveytool.errors import SurveytoolError, UnreadableData, UsageError
from surveytool.published_figures import Comparison, load_claims
from surveytool.published_figures.claims_file import COLUMNS, parse_claims


@pytest.mark.parametrize(
    ("written", "published", "decimals"),
    [("47%", 0.47, 0), ("47 %", 0.47, 0), ("47.0%", 0.47, 1), ('"47,5 %"', 0.475, 1), ("0.47", 0.47, 0),
     ("0.475", 0.475, 1), ("0.4700", 0.47, 2), ("7%", 0.07, 0), ("100%", 1.0, 0), ("0%", 0.0, 0)],
)  # fmt: skip
def test_figures_as_they_are_written(written: str, published: float, decimals: int) -> None:
    (claim,) = parse_claims(f"id,published,variable\na,{written},v", "x.csv")
    assert (claim.published, claim.decimals, claim.unit) == (published, decimals, "percent")


def test_a_mean_is_a_number() -> None:
    (claim,) = parse_claims("id,published,variable,stat\na,33.10,age,mean", "x.csv")
    assert (claim.published, claim.decimals, claim.unit) == (33.1, 2, "number")


def test_every_field(tmp_path: Path) -> None:
    path = tmp_path / "claims.csv"
    path.write_text(
        "id;text;published;rounding;page;variable;level;by_sex;by;where;base;n;set;percent_of;margin;population;"
        'ambiguous\na;"Men; all";47%;half even;p. 3;v;Yes;Male;"age=26-35; area=North";age > 3;asked;1,320;release;all;'
        "3%;5000;yes\n",
        encoding="utf-8-sig",
    )
    (claim,) = load_claims(path)
    assert claim.text == "Men; all"
    assert claim.by == {"age": "26-35", "area": "North", "sex": "Male"}
    assert (claim.rounding, claim.page, claim.where, claim.base) == ("half even", "p. 3", "age > 3", "asked")
    assert (claim.n, claim.set, claim.percent_of, claim.margin) == (1320, "release", "all", 0.03)
    assert (claim.population, claim.ambiguous) == (5000, True)


def test_comparisons() -> None:
    text = """id,variable,more_than,less_than,highest_of,lowest_of,most,about,tolerance
a,v,sex=Female,,,,,,
b,v,,total,,,,,
c,v,,,age,,yes,,
d,v,,,,age,,66.7%,5%
"""
    told = [each.comparison for each in parse_claims(text, "x.csv")]
    assert told == [
        Comparison(more_than={"sex": "Female"}),
        Comparison(less_than={}),
        Comparison(highest_of="age", most=True),
        Comparison(lowest_of="age", about=0.667, tolerance=0.05),
    ]


def test_every_wrong_line_is_reported_at_once() -> None:
    text = """id,publisched,published,variable,base,rounding,n,by
a,,47,v,,,,
a,,47%,v,everybody,,,
b,,many,v,,,,
c,,,v,,,,
d,,47%,v,,up,,
e,,47%,v,,,some,
f,,47%,v,,,,sex
a,,47%,v,,,,
g,,47%,v,,,,,extra
a,,48%,v,,,,
"""
    with pytest.raises(UsageError) as caught:
        parse_claims(text, "claims.csv")
    said = str(caught.value)
    assert said.startswith("claims.csv: line 1: no column of claims is called 'publisched'. Did you mean 'published'")
    for part in ("line 2: published = '47' is no percentage. Write \"47%\" (or 0.47)", "line 3: base is 'everybody'",
                 "line 4: published is 'many'", "line 5: has neither", "line 6: rounding is 'up'",
                 "line 7: n is 'some'", "line 8: by holds 'sex'", "line 10: has 9 fields for 8 columns",
                 "the id 'a' comes 2 times"):  # fmt: skip
        assert part in said, part


@pytest.mark.parametrize("content", [b"", b"\n\n", b"id,published\n", b"\0\1\2", b'id,published\n"a\r,47%'])
def test_files_that_hold_no_claims(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "claims.csv"
    path.write_bytes(content)
    with pytest.raises(SurveytoolError):
        load_claims(path)


def test_a_missing_file_and_a_folder(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "none.csv"):
        with pytest.raises(UnreadableData):
            load_claims(path)


@given(
    st.lists(st.lists(st.text(max_size=8), min_size=1, max_size=6), max_size=5),
    st.lists(st.sampled_from(COLUMNS), max_size=6),
)
def test_any_text_is_claims_or_a_plain_error(rows: list[list[str]], head: list[str]) -> None:
    text = "\n".join(",".join(row) for row in [head, *rows])
    try:
        parse_claims(text, "x.csv")
    except SurveytoolError as error:
        assert str(error)
