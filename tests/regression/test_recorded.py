"""Models printed and refused, as people see them, and their numbers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from golden import parity
from recorded import console, plain, same

import surveytool as st
from surveytool.regression import Specification, fit

STRATA = ("apistrat.csv", st.Design(weights="pw", strata="stype", fpc=("fpc",)))
PSU = ("apiclus1.csv", st.Design(weights="pw", psu=("dnum",)))


@pytest.mark.parametrize("name", ["models.txt", "refused.txt"])
def test_commands_print_what_was_read(name: str, run: Callable[..., Any]) -> None:
    console("regression", name, run, api=parity.HERE)


@pytest.mark.parametrize(
    ("formula", "family"),
    [("api00 ~ ell + meals + stype", None), ("sch.wide == 'Yes' ~ ell * meals", None), ("enroll ~ stype", "poisson")],
)
@pytest.mark.parametrize("design", ["strata", "psu"])
def test_numbers_of_a_model(formula: str, family: str | None, design: str) -> None:
    file, plan = {"strata": STRATA, "psu": PSU}[design]
    more: dict[str, Any] = {} if family is None else {"family": family}
    model = fit(st.read(parity.HERE / file, design=plan), Specification(formula=formula, **more))
    text = plain(model, 7)
    for part in ("Term(", "Test(", "Effect("):
        text = text.replace(part, f"\n{part}")
    same("regression", f"{design}-{formula.split()[0]}.txt", text)
