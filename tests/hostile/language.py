"""Pieces of the two languages that we parse ourselves, and what must hold whatever is made of them."""

from __future__ import annotations

from pathlib import Path

from surveytool.aggregate.where_language import names, parse
from surveytool.errors import SurveytoolError
from surveytool.study.load import examine

CONDITION = (
    "age",
    " >= ",
    "18",
    " and ",
    " or ",
    "not ",
    "(",
    ")",
    " in ",
    "'F'",
    "`a b`",
    " is missing",
    ",",
    "==",
    ".a",
)
STUDY = (
    *('[data]\npath = "x.csv"\n', "[study]\ntitle = 'x'\n", '[[tables]]\nvariable = "sex"\n', "[design]\n"),
    *('by = ["a", "b:c"]\n', 'psu = ["p"]\n', 'weights = "w"\n', "[variables.sex]\nlabel = 'x'\n"),
    *("where = 'a == 1 and b in (2, 3)'\n", "[[recodes]]\nname = 'b'\nfrom = 'a'\n", "type = 'bands'\n"),
    *(
        "type = 'collapse'\n",
        "[[claims]]\nid = 'c'\npublished = 0.5\n",
        "[output]\nlanguage = 'en'\n",
        "level = 0.95\n",
    ),
    *(
        "[[routes]]\n",
        "name = 'r'\nstops = ['s_*']\n",
        "[[routes.corridors]]\n",
        "[protect]\n",
        "[design.replicates]\n",
    ),
    *(
        "x.y.z = 1\n",
        "'",
        '"',
        "]",
        "}",
        "{ a = 1 }\n",
        "= \n",
        "#",
        "\n",
        "missing = { refused = [9] }\n",
        "nan",
        "1e999",
    ),
)


def condition(text: str) -> None:
    """A condition is read or refused in one line."""
    try:
        list(names(parse(text)))
    except SurveytoolError as error:
        assert "\n" not in str(error)
        assert error.exit_status == 2


def study(text: str, path: Path) -> None:
    """A study file is read, or its problems are told, a line each."""
    path.write_text(text, encoding="utf-8", newline="")
    try:
        draft = examine(path)
    except SurveytoolError as error:
        assert "\n" not in str(error)
        assert error.exit_status == 2
    else:
        assert all("\n" not in str(each) for each in draft.problems)
