"""Which columns of the file do these names need? Recodes lead back to what they are made of."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import field

from surveytool.frozen import frozen
from surveytool.study.study_file import Study
from surveytool.survey import known_names
from surveytool.survey.name_pattern import is_pattern


@frozen
class Need:
    """Names of a study: ``columns`` of the file (None: all), and everything on the way to them."""

    columns: tuple[str, ...] | None
    names: frozenset[str] = field(default_factory=frozenset)

    def wants(self, name: str) -> bool:
        """Whether a variable or recode has to be made ready."""
        return self.columns is None or name in self.names


def need(study: Study, names: Iterable[str] | None) -> Need:
    """What has to be read and made for these names; everything where none are given."""
    if names is None or study.rosters or any(recode.type == "missing" for recode in study.recodes):
        return Need(columns=None)  # codes of many variables ask for the whole file
    made = {name: (recode, sources) for name, recode, sources in study.derived()}
    texts = list(names)
    known = {part for text in texts for part in text.split(":") if _owner(part, made) in made}
    known |= {*made, *study.variables}
    wanted = [*(name for text in texts for name in known_names(text, known)), *study.design.columns()]
    seen: dict[str, None] = {}
    columns: list[str] = []
    while wanted:
        name = _owner(wanted.pop(0), made)
        if name in seen:
            continue
        seen[name] = None
        if name in made:
            if any(is_pattern(source) for source in made[name][1]):
                return Need(columns=None)  # so do patterns of names
            wanted += made[name][1]
        else:
            columns.append(name)
        declared = study.variables.get(name)
        if declared is not None and declared.asked_when is not None:
            wanted += _names(declared.asked_when)
    return Need(columns=tuple(columns), names=frozenset(seen))


def _owner(name: str, made: dict[str, tuple[object, tuple[str, ...]]]) -> str:
    """The recode whose option a name is (``used/maps``, ``journey.origin``), else the name."""
    if name in made:
        return name
    return next((each for each in made if name.startswith((f"{each}/", f"{each}."))), name)


def _names(condition: str) -> list[str]:
    from surveytool.aggregate.where_language import names, parse

    return list(names(parse(condition)))
