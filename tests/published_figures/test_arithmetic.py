"""What published figures say of each other, without any data."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveytool.published_figures import Claim, check
from surveytool.published_figures.arithmetic import possible, simple_margin
from surveytool.published_figures.claim_words import sentences
from surveytool.published_figures.completeness import opposite, tiled, whole
from surveytool.text import words

Found = Callable[..., list[tuple[str, str, str, str]]]

RELEASE = """id,text,published,variable,level,by_sex,set
men,47 per cent of male migrants use social networks,47%,sm_use,Yes,Male,release
women,35 per cent of female migrants use social networks,35%,sm_use,Yes,Female,release
none,18 per cent of those surveyed said they did not use them,18%,sm_use,No,,release
"""
SAID = {
    "en": (
        '47% of Male and 35% of Female put the share of all who are "Yes" between 35% and 47%, so at least 53% are '
        'not: 18% "No" cannot be true as well.',
        "As shares of all respondents the figures hold: 47% + 35% + 18% = 100%. Then the rate of Male is above that "
        "of Female only if Male are under 57% of both groups together.",
    ),
    "es": ('al menos 53% no lo son: 18% "No" no puede ser cierto también.', "47% + 35% + 18% = 100%"),
    "fr": ("au moins 53 % ne le sont pas : 18 % « No » ne peut pas être vrai aussi.", "47 % + 35 % + 18 % = 100 %"),
}


@pytest.mark.parametrize("language", sorted(SAID))
def test_the_press_release_contradicts_itself(parsed: Callable[[str], list[Claim]], language: str) -> None:
    (finding,) = check(parsed(RELEASE))
    assert (finding.kind, finding.weight, finding.claims) == ("mixture", "contradiction", ("men", "women", "none"))
    said, reading = (
        sentences(each, words(language)).replace("\u00a0", " ").replace("\u202f", " ")
        for each in (finding.explanation, finding.reading)
    )
    wanted = SAID[language]
    assert wanted[0] in said and wanted[1] in reading
    assert said.count(".") == 1, "one plain sentence"


@pytest.mark.parametrize(
    ("labels", "answers"),
    [("Male,Female", "Yes,No"), ("Hombres,Mujeres", "Sí,No"), ("Hommes,Femmes", "Oui,Non"),
     ("women,men", "Used,Not used"), ("Male,Female", "Yes,not Yes")],
)  # fmt: skip
def test_the_release_is_found_in_other_words_and_orders(found: Found, labels: str, answers: str) -> None:
    (first, second), (yes, no) = labels.split(","), answers.split(",")
    rows = [f"a,47%,v,{yes},{first}", f"b,35%,v,{yes},{second}", f"c,18%,v,{no},"]
    for order in (rows, rows[::-1], [rows[1], rows[2], rows[0]]):
        ((kind, weight, _, reading),) = found("\n".join(["id,published,variable,level,by_sex", *order]))
        assert (kind, weight) == ("mixture", "contradiction")
        assert "As shares of all respondents" in reading


def test_the_release_with_the_figure_of_users_says_the_same(found: Found) -> None:
    rows = RELEASE.replace(
        "none,18 per cent of those surveyed said they did not use them,18%,sm_use,No", "all,x,82%,sm_use,Yes"
    )
    ((kind, weight, said, reading),) = found(rows)
    assert (kind, weight) == ("mixture", "contradiction")
    assert "between 35% and 47%: 82% cannot be true" in said
    assert "47% + 35% = 82%" in reading


def test_figures_that_fit_are_left_in_peace(found: Found) -> None:
    head = "id,published,variable,level,by_sex\n"
    assert found(head + "a,47%,v,Yes,Male\nb,35%,v,Yes,Female\nc,42%,v,Yes,\nd,58%,v,No,") == []
    assert found(head + "a,47%,v,Yes,Male\nb,35%,v,Yes,Female\nc,47%,v,Yes,") == [], "all may be men"
    assert found(head + "a,47%,v,Yes,Male\nb,35%,v,Yes,Female\nc,47.4%,v,Yes,") == [], "47% may be 47.4%"
    assert found(head + "a,47%,v,Yes,Male\nc,82%,v,Yes,") == [], "of the other groups nothing is known"
    assert found(head + "a,47%,v,Yes,Male\nb,35%,v,Yes,Female\nc,18%,w,Yes,") == [], "another question"


def test_the_news_articles_reading_is_a_doubt_where_it_stands_alone(found: Found) -> None:
    rows = RELEASE.replace("18%,sm_use,No", "18%,tech_none,Yes")
    ((kind, weight, said, _),) = found(rows)
    assert (kind, weight) == ("whole", "doubt")
    assert "47% + 35% + 18% = 100%" in said


def test_groups_that_may_not_be_all_make_a_doubt(found: Found) -> None:
    head = "id,published,variable,level,by_age\n"
    two = head + "a,70%,v,Yes,26-35\nb,20%,v,Yes,46 and over\nc,80%,v,Yes,"
    ((_, weight, said, _),) = found(two)
    assert weight == "doubt" and "unless age has other groups" in said
    assert found(two + "\nd,10%,w,Yes,18-25") == [], "another claim names a third group"
    tiles = head + "a,70%,v,Yes,18-25\nb,20%,v,Yes,26+\nc,80%,v,Yes,"
    assert [weight for _, weight, _, _ in found(tiles)] == ["contradiction"]


def test_make_up_of_an_answer_is_offered_as_a_reading(found: Found) -> None:
    rows = "id,published,variable,level,by_sex\na,61%,v,Yes,Male\nb,39%,v,Yes,Female\nc,18%,v,Yes,"
    ((_, weight, _, reading),) = found(rows)
    assert weight == "contradiction"
    assert reading == 'As the make-up of those who are "Yes" the figures hold: 61% + 39% = 100%.'


def test_shares_of_all_must_add_up(found: Found) -> None:
    head = "id,published,variable,level,by_sex,percent_of\n"
    groups = "a,47%,v,Yes,Male,all\nb,35%,v,Yes,Female,all\n"
    assert found(head + groups + "c,18%,v,No,,") == [], "the release under its other reading"
    assert found(head + groups + "c,82%,v,Yes,,") == []
    ((kind, weight, said, _),) = found(head + groups + "c,28%,v,No,,")
    assert (kind, weight) == ("mixture", "contradiction")
    assert (
        said
        == '47% of Male and 35% of Female as shares of all leave 18% for the others: 28% "No" cannot be true as well.'
    )
    ((_, weight, said, _),) = found(head + groups + "c,42%,v,Yes,,")
    assert weight == "contradiction" and "add up to 82%: 42% cannot" in said


def test_crossed_groups_are_held_against_their_own_total(found: Found) -> None:
    head = "id,published,variable,level,by_sex,by_area\n"
    rows = "a,50%,v,Yes,Male,Urban\nb,60%,v,Yes,Male,Rural\nc,80%,v,Yes,Male,\nd,55%,v,Yes,,"
    ((kind, weight, said, _),) = found(head + rows)
    assert (kind, weight) == ("mixture", "contradiction")
    assert "between 50% and 60%: 80% cannot" in said


@pytest.mark.parametrize(("published", "n", "fine"), [
    ("46%", 37, True), ("47%", 37, False), ("5.19%", 28, False), ("17.9%", 28, True), ("64%", 531, True),
    ("33.3%", 3, True),
])  # fmt: skip
def test_granularity(found: Found, published: str, n: int, fine: bool) -> None:
    rows = f"id,published,variable,level,n\na,{published},v,Yes,{n}"
    assert [kind for kind, *_ in found(rows)] == ([] if fine else ["granularity"])
    assert found(rows, weighted=True) == [], "weighted figures are no counts"


def test_granularity_names_the_neighbours(found: Found) -> None:
    ((_, weight, said, _),) = found("id,published,variable,level,n\na,47%,v,Yes,37")
    assert (weight, said) == ("contradiction", "No count out of 37 gives 47%: 17 is 45.9%, 18 is 48.6%.")


@given(st.integers(1, 3000), st.data(), st.integers(0, 2), st.sampled_from(["half up", "half even", "truncated", None]))
def test_what_was_counted_is_always_possible(n: int, data: st.DataObject, decimals: int, rule: str | None) -> None:
    from surveytool.published_figures.published_rounding import rounded

    count = data.draw(st.integers(0, n))
    printed = rounded(count / n, "percent", decimals, rule or "half up")  # type: ignore[arg-type]
    claim = Claim(id="x", published=float(printed) / 100, decimals=decimals, rounding=rule, n=n)  # type: ignore[arg-type]
    assert possible(claim, n)


@given(st.lists(st.tuples(st.integers(0, 400), st.integers(1, 400)), min_size=2, max_size=2), st.integers(0, 1))
def test_no_real_table_is_called_a_contradiction(groups: list[tuple[int, int]], decimals: int) -> None:
    cells = [(min(count, n), n) for count, n in groups]
    count, n = sum(c for c, _ in cells), sum(n for _, n in cells)
    rows = [("Male", *cells[0]), ("Female", *cells[1])]
    claims = []
    for level, turned in (("Yes", False), ("No", True)):
        for label, c, size in [*rows, (None, count, n)]:
            share = round((size - c if turned else c) / size, 2 + decimals)
            by = {"sex": label} if label else {}
            claims.append(
                Claim(
                    id=f"{level}{label}", published=share, decimals=decimals, variable="v", level=level, by=by, n=size
                )
            )
    assert check(claims) == []


def test_parts_of_a_whole(found: Found) -> None:
    head = "id,published,variable,level,by_sex\n"
    ((kind, weight, said, _),) = found(head + "a,47%,v,Yes,Male\nb,43%,v,No,Male")
    assert (kind, weight) == ("parts", "contradiction")
    assert said == "The answers of Male should add up to 100% and do not: 47% + 43% = 90%."
    assert found(head + "a,47%,v,Sometimes,Male\nb,43%,v,Never,Male") == [], "there may be other answers"
    ((_, weight, said, _),) = found(head + "a,67%,v,Radio,Male\nb,43%,v,Press,Male")
    assert weight == "doubt" and "only if several answers could be given" in said


def test_parts_that_add_up_in_the_other_groups(found: Found) -> None:
    rows = ["id,published,variable,level,by_region"]
    for region, shares in {"A": (20, 50, 30), "B": (10, 60, 30), "C": (25, 25, 50), "D": (20, 50, 20)}.items():
        rows += [f"{region}{level},{share}%,v,{level},{region}" for level, share in zip("xyz", shares, strict=True)]
    ((kind, weight, said, _),) = found("\n".join(rows))
    assert (kind, weight) == ("parts", "doubt")
    assert "of D should add up to 100%" in said and "In the other groups they do" in said


def test_several_answers_are_no_contradiction(found: Found) -> None:
    rows = ["id,published,variable,level,by_sex"]
    for sex, shares in {"Male": (88, 65, 39), "Female": (91, 64, 45), "": (89, 64, 41)}.items():
        rows += [f"{sex}{level},{share}%,v,{level},{sex}" for level, share in zip("xyz", shares, strict=True)]
    assert found("\n".join(rows)) == []


def test_means_lie_between_the_means_of_the_groups(found: Found) -> None:
    head = "id,published,variable,stat,by_sex\n"
    ((kind, weight, said, reading),) = found(head + "a,32.1,age,mean,Male\nb,34.8,age,mean,Female\nc,35.0,age,mean,")
    assert (kind, weight, reading) == ("mixture", "contradiction", "")
    assert (
        said
        == "32.1 of Male and 34.8 of Female put the figure of all between 32.1 and 34.8: 35.0 cannot be true as well."
    )
    assert found(head + "a,32.1,age,mean,Male\nb,34.8,age,mean,Female\nc,33.0,age,mean,") == []


def test_margins_of_error(found: Found) -> None:
    head = "id,published,variable,level,n,margin,population\n"
    ((kind, weight, said, reading),) = found(head + "a,50%,v,Yes,819,3%,")
    assert (kind, weight, reading) == ("margin", "doubt", "It holds only if the margin was rounded down.")
    assert said == (
        "A margin of error of 3% is too small for n = 819: a simple random sample gives 3.4%, and 3% takes 1,068 "
        "respondents."
    )
    assert [weight for _, weight, _, _ in found(head + "a,50%,v,Yes,819,3.0%,")] == ["doubt"], "3.0% is read as 3%"
    assert [weight for _, weight, _, _ in found(head + "a,50%,v,Yes,819,2.5%,")] == ["contradiction"]
    ((_, weight, _, reading),) = found(head + "a,50%,v,Yes,400,4%,2000")
    assert weight == "doubt" and "population of 2,000, which gives 4.4%" in reading
    assert found(head + "a,50%,v,Yes,1068,3%,") == []
    assert found(head + "a,50%,v,Yes,1068,5%,") == [], "weights and clusters make it larger"


def test_the_simple_margin_is_cochrans() -> None:
    assert simple_margin(1000) == pytest.approx(0.0309898, abs=1e-7)
    assert simple_margin(500, 500) == 0


def test_the_same_published_twice(found: Found) -> None:
    head = "id,published,variable,level,set\n"
    assert [kind for kind, *_ in found(head + "a,47%,v,Yes,s\nb,49%,v,yes,s")] == ["repeated"]
    assert found(head + "a,47%,v,Yes,s\nb,49%,v,Yes,t") == [], "two sources may differ"
    assert found(head + "a,47%,v,Yes,s\nb,47.4%,v,Yes,s") == []


def test_groups_with_their_n(found: Found) -> None:
    head = "id,published,variable,level,by_sex,n\n"
    rows = head + "a,50%,v,Yes,Male,300\nb,30%,v,Yes,Female,100\nc,40%,v,Yes,,400"
    ((kind, weight, said, _),) = found(rows)
    assert (kind, weight) == ("pooled", "contradiction")
    assert "make 45.0% of 400, not 40%" in said
    assert found(rows, weighted=True) == []
    (kind, *_), *_ = found(rows.replace(",,400", ",,380"))
    assert kind == "n"


@pytest.mark.parametrize(
    ("labels", "answer"),
    [("Male|Female", True), ("Hombre|Mujer", True), ("White|Non-white", True), ("Has children|No children", True),
     ("Yes|No", True), ("Yes|Maybe", False), ("Straight|Gay/Bisexual", False), ("Male", False),
     ("Male|Female|Other", False), ("18-25|26-35|36-45|46 and over", True), ("18-25|36-45|46+", False),
     ("35 - 64|65 and up", False), ("18-34|35-64", False), ("under 18|18+", True), ("No|No answer", False)],
)  # fmt: skip
def test_labels_that_name_everybody(labels: str, answer: bool) -> None:
    assert whole(labels.split("|")) is answer


def test_opposites_are_mutual() -> None:
    assert opposite("Non-white", "White") and opposite("not X", "X") and not opposite("No answer", "No")
    assert not tiled(["one", "two"])


def test_spans_are_exact() -> None:
    from surveytool.published_figures.published_rounding import span

    claim = Claim(id="x", published=0.47, rounding="half up")
    assert span(claim) == (Fraction(93, 200), Fraction(95, 200))


def test_a_group_of_nobody_adds_nothing(found: Found) -> None:
    head = "id,published,variable,level,by_sex,percent_of\n"
    ((_, _, said, _),) = found(head + "a,47%,v,Yes,Male,all\nb,0%,v,Yes,Female,all\nc,60%,v,Yes,,")
    assert "add up to 47%: 60% cannot" in said


def test_a_total_that_is_published_twice_counts_once(found: Found) -> None:
    """42% and 18% are 60% of everybody, so several answers need not have been given."""
    twice = "x,42 per cent use them,42%,sm_use,Yes,,release\ny,42 per cent again,42%,sm_use,Yes,,release\n"
    assert any("at least 53% are" in said for _, _, said, _ in found(RELEASE + twice))
