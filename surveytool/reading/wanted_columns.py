"""Which columns of a file to read for the names that were asked for."""

from __future__ import annotations

from collections.abc import Sequence
from fnmatch import fnmatchcase

from surveytool.errors import UnknownVariable
from surveytool.reading.dummies import families
from surveytool.reading.loaded import MultipleSet
from surveytool.reading.option_names import siblings
from surveytool.survey import breakdown
from surveytool.survey.name_pattern import is_pattern


def columns_to_read(
    names: Sequence[str], wanted: Sequence[str] | None, where: str, sets: Sequence[MultipleSet] = ()
) -> list[str]:
    """The file's columns behind ``wanted`` (None: all of them), in the file's order.

    A question with several answers brings its columns and its parent. A pattern
    (``rw*``, ``rw?``) brings what it matches, a crossing (``sex:age``) its variables.
    Raises ``UnknownVariable`` with near names.
    """
    if wanted is None:
        return list(names)
    known, found = set(names), set()
    dummies = families(names)
    declared = {multiple_set.name: multiple_set for multiple_set in sets}
    numbered = {family.stem: family.columns for family in siblings(names)}
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
        else:
            raise UnknownVariable(name, [*names, *declared], where)
    for parent, columns in dummies.items():
        if found & set(columns):
            found |= {parent, *columns}
    return [name for name in names if name in found]
