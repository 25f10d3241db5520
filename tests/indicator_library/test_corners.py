"""How an indicator's recodes are filled in: names, lists, conditions, and what is told of a wrong one."""

from __future__ import annotations

import pytest

from surveytool.errors import UsageError
from surveytool.indicator_library import INDICATORS, IndicatorUse, indicator, recodes_of
from surveytool.indicator_library.indicator_file import Item, indicators
from surveytool.indicator_library.indicator_use import Meaning, _condition, _filled, faults, made_by

MEANING = Meaning(
    columns={"self": "mine", "a": "q 1", "many": ("x1", "x2")}, values={"yes": "ja", "low": 21.0, "no": "don't"}
)


@pytest.mark.parametrize(("part", "filled"), [
    ("{a}", "q 1"), ("{many}", ("x1", "x2")), ("{low}", 21.0), ("{self}_group", "mine_group"), ("{other}", "{other}"),
    ("a", "a"), ("low", "low"), (7, 7), (["{many}", "{a}", "z"], ["x1", "x2", "q 1", "z"]), ("[low]", "[low]"),
    ({"{a}": 2, "when": 3}, {"q 1": 2, "when": 3}), ({"when": "{a} > {low}"}, {"when": "`q 1` > 21"}),
    ({"then": "{a} > {low}"}, {"then": "q 1 > {low}"}),
])  # fmt: skip
def test_what_a_name_stands_for(part: object, filled: object) -> None:
    assert _filled(part, MEANING) == filled


@pytest.mark.parametrize(("text", "filled"), [
    ("{self} < {low}", "`mine` < 21"), ("{self}_group == {yes}", "`mine_group` == 'ja'"),
    ("{a} == {no}", '`q 1` == "don\'t"'),
])  # fmt: skip
def test_a_condition_quotes_what_it_holds(text: str, filled: str) -> None:
    assert _condition(text, MEANING) == filled


def told(**given: object) -> list[tuple[str, str | None]]:
    return [(each.message, each.cure) for each in faults(IndicatorUse(**given))]  # type: ignore[arg-type]


def test_an_item_of_one_column_takes_one_column() -> None:
    columns = {"phq_interest": ("a", "b"), "phq_down": "c"}
    assert told(use="phq/phq2", columns=columns) == [("phq_interest is one column.", "Write phq_interest = 'COLUMN'")]
    assert told(use="phq/phq2", columns={"phq_interest": "a", "phq_down": "c"}) == []
    assert Item(name="x", label={}).many is False
    many = next(each for each in indicators() if any(item.many for item in each.items))
    listed = {item.name: ("a", "b") for item in many.items if item.many}
    assert told(use=many.id, columns=listed) == []


def test_what_there_is_stands_in_the_cure() -> None:
    ((message, cure),) = told(use="phq/phq2", columns={"zzz": "a"})
    assert message == "there is no item 'zzz'." and cure == "It has: phq_interest, phq_down."
    ((message, cure),) = told(use="phq/phq2", codes={"zzz": 1})
    assert cure is not None and cure.startswith("It has") and "zzz" in message
    ((message, cure),) = told(use="phq/phq2", thresholds="1/2")
    assert "there is no pair of thresholds '1/2'." in message


def test_an_unknown_indicator_says_where_they_stand() -> None:
    with pytest.raises(UsageError) as refused:
        indicator("zzz/zzz")
    assert "no indicator is called 'zzz/zzz'" in str(refused.value)
    assert refused.value.cure is not None and refused.value.cure.endswith("See them with: surveytool indicators")
    assert made_by(IndicatorUse(use="zzz/zzz")) == ()


def test_without_ids_all_are_meant() -> None:
    assert [each.id for each in indicators()] == list(INDICATORS)
    assert [each.id for each in indicators("k6/k6")] == ["k6/k6"]


def test_names_labels_and_what_is_missing() -> None:
    usual, named = (IndicatorUse(use="wfp/fcs", name=name) for name in (None, "food"))
    assert made_by(usual) == ("fcs", "fcs_group") and made_by(named) == ("food", "food_group")
    plain = {entry["name"]: entry for entry in recodes_of(usual)}
    assert plain["fcs"]["label"] == dict(indicator("wfp/fcs").title)
    assert plain["fcs"].get("missing") in (None, "refuse", "zero", "mean")
    changed = {entry["name"]: entry for entry in recodes_of(IndicatorUse(use="wfp/fcs", label="Food", missing="zero"))}
    assert changed["fcs"]["label"] == "Food"
    for name, entry in changed.items():
        assert entry.get("missing") == ("zero" if "missing" in plain[name] else None)
