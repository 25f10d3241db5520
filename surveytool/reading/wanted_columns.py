"""Which columns of a file to read for the names that were asked for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fnmatch import fnmatchcase

from surveytool.errors import UnknownVariable
from surveytool.reading.dummies import LOOSE, families
from surveytool.reading.loaded import Choice, MultipleSet
from surveytool.reading.option_names import siblings
from surveytool.reading.platforms import state_columns
from surveytool.survey import breakdown
from surveytool.survey.name_pattern import is_pattern

FORM_OPTIONS = ("redcap", "limesurvey", "path")  # options that say together who was asked
MOST_OPTIONS = 80


def columns_to_read(
    names: Sequence[str], wanted: Sequence[str] | Choice | None, where: str, sets: Sequence[MultipleSet] = ()
) -> list[str]:
    """The file's columns behind ``wanted`` (None: all of them), in the file's order.

    A question with several answers brings its columns and its parent. A pattern
    (``rw*``, ``rw?``) brings what it matches, a crossing (``sex:age``) its variables.
    Raises ``UnknownVariable`` with near names.
    """
    if wanted is None:
        return list(names)
    if isinstance(wanted, Choice):
        chosen = set(wanted.of(names))
        return [name for name in names if name in chosen]
    known, found = set(names), set()
    dummies = families(names, "/." + LOOSE)
    declared = {multiple_set.name: multiple_set for multiple_set in sets}
    beside = siblings(names)
    numbered = {family.stem: family.columns for family in beside}
    options = [family for family in beside if family.form in FORM_OPTIONS and len(family.columns) <= MOST_OPTIONS]
    for name in (name for text in wanted for name in breakdown(text, known | {*declared, *dummies, *numbered})):
        if name in declared:
            found |= set(declared[name].columns)
        elif name in dummies:
            found |= {name, *dummies[name]}
        elif name in known:
            found.add(name)
        elif name in numbered:
            found |= set(numbered[name])
        elif is_pattern(name) and any(fnmatchcase(each, name) for each in names):
            found |= {each for each in names if fnmatchcase(each, name)}
        elif (made := _made_of(name, known, numbered)) is not None:
            found |= made
        else:
            raise UnknownVariable(name, [*names, *declared], where)
    for parent, columns in dummies.items():
        if found & set(columns):
            found |= {parent, *columns}
    found |= {column for family in options if found & set(family.columns) for column in family.columns}
    found |= set(state_columns(names))
    return [name for name in names if name in found]


def _made_of(name: str, known: set[str], numbered: Mapping[str, Sequence[str]]) -> set[str] | None:
    """The columns of which an option is made that the file does not have: a list's part, what people wrote."""
    stem, bracket, _ = name.partition("[")
    if bracket and stem in numbered:
        return set(numbered[stem])
    places = [index for index, sign in enumerate(name) if sign == "/"]
    return next(({name[:place]} for place in reversed(places) if name[:place] in known), None)
