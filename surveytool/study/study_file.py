"""A study as a value: what one file says of a survey, its tables, charts and claims, and where it says it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import field, fields, replace
from functools import partial
from pathlib import Path
from typing import Any

from surveytool.analysis_list.analysis_line import AnalysisList
from surveytool.frozen import frozen
from surveytool.indicator_library.indicator_use import IndicatorUse
from surveytool.published_figures.claims import Claim
from surveytool.recoding.recode_types import Recode
from surveytool.study.sections import About, StudyFile
from surveytool.survey import Survey, Text
from surveytool.survey.label import base_language, said
from surveytool.text import BORROWING, LANGUAGES

Place = tuple[str | int, ...]


def indicator_recodes(use: IndicatorUse) -> tuple[Any, ...]:
    """The recodes of an indicator; none of one that cannot be made (``rules`` tells why)."""
    from surveytool.indicator_library.indicator_use import faults, recodes_of
    from surveytool.study.schema import fit

    if any(True for _ in faults(use)):
        return ()
    return tuple(fit(Recode, entry)[0] for entry in recodes_of(use))


@frozen
class Study(StudyFile):
    """A whole study. ``path`` is its file, ``lines`` tell where in it a setting stands (by its place)."""

    path: Path
    claims: tuple[Claim, ...] = ()  # type: ignore[assignment]
    claim_texts: Mapping[str, Text] = field(default_factory=dict)
    lines: Mapping[Place, int] = field(default_factory=dict, repr=False, compare=False)
    numbers: Mapping[str, tuple[int, ...]] = field(default_factory=dict, repr=False, compare=False)
    promised: frozenset[str] = field(default=frozenset(), repr=False, compare=False)
    lists: tuple[AnalysisList, ...] = field(default=(), repr=False, compare=False)

    @classmethod
    def of(
        cls, file: StudyFile, path: Path, claims: tuple[Claim, ...], lines: Mapping[Place, int],
        numbers: Mapping[str, tuple[int, ...]],
    ) -> Study:  # fmt: skip
        """The study of a file's tables, with its claims made ready."""
        tables = {table.name: getattr(file, table.name) for table in fields(StudyFile)}
        texts = {claim.id: claim.text for claim in file.claims if claim.text}
        return cls(**{**tables, "claims": claims}, path=path, claim_texts=texts, lines=lines, numbers=numbers)

    @property
    def about(self) -> About:
        """What the study is: ``[study]``."""
        return self.study

    def entries(self, section: str) -> tuple[tuple[int, Any], ...]:
        """The entries of a list of tables with their number in the file, from 0; claims of a csv have none."""
        found = getattr(self, section)
        return tuple(zip(self.numbers.get(section, range(len(found))), found, strict=False))

    def derived(self) -> Iterator[tuple[str, Any, tuple[str, ...]]]:
        """Every variable that the study makes: its name, how, and the names that it is made of."""
        from surveytool.recoding.apply import sources
        from surveytool.recoding.route_definition import columns_of

        for recode in (*self.recodes, *(recode for _, recode in self._indicator_recodes())):
            if recode.type != "missing":
                yield recode.name, recode, sources(recode)
        for route in self.routes:
            yield route.name, route, columns_of(route)

    def steps(self, language: str) -> Iterator[tuple[str | None, Place, Callable[[Survey], Survey]]]:
        """What makes the study's variables, in order: the name (None for all), the place, the step.

        Routes and indicators are made before the first recode that is made of one, else after all recodes.
        """
        from surveytool.recoding import recode

        waiting = [*self._route_steps(language), *self._indicator_steps()]
        for number, each in self.entries("recodes"):
            if self._of_others(each):
                yield from waiting
                waiting = []
            yield getattr(each, "name", None), ("recodes", number), partial(recode, recodes=(each,))
        yield from waiting

    def _route_steps(self, language: str) -> Iterator[tuple[str, Place, Callable[[Survey], Survey]]]:
        from surveytool.recoding import add_route

        for number, route in self.entries("routes"):
            yield route.name, ("routes", number), partial(add_route, route=route, language=language)

    def _indicator_steps(self) -> Iterator[tuple[str, Place, Callable[[Survey], Survey]]]:
        from surveytool.recoding import recode

        for number, indicator in self._indicator_recodes():
            yield indicator.name, ("indicators", number), partial(recode, recodes=(indicator,))

    def _indicator_recodes(self) -> Iterator[tuple[int, Any]]:
        """The number of each indicator with each of its recodes."""
        for number, use in self.entries("indicators"):
            yield from ((number, recode) for recode in indicator_recodes(use))

    def _of_others(self, recode: Recode) -> bool:
        """Whether a recode is made of a route's or an indicator's variables."""
        from surveytool.indicator_library import made_by
        from surveytool.recoding.apply import sources
        from surveytool.recoding.route_definition import belongs

        indicated = {name for use in self.indicators for name in made_by(use)}
        names = sources(recode)
        return bool(indicated.intersection(names)) or any(
            belongs(name, route) for name in names for route in self.routes
        )

    def makes(self, name: str) -> bool:
        """Whether a name is that of a variable which the file makes, or of a part of one."""
        return any(name == each or name.startswith((f"{each}/", f"{each}.")) for each in self.promised)

    @property
    def language(self) -> str:
        """The language of the output unless another is asked for."""
        wanted = (self.output.language, *self.about.languages)
        return next((each for each in wanted if each and base_language(each) in (*LANGUAGES, *BORROWING)), "en")

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages of the labels."""
        return self.about.languages

    @property
    def data_path(self) -> Path | None:
        """The data file, seen from where the study file was named; None for a table on a server too."""
        import os

        from surveytool.reading.address import is_address

        if self.data is None or is_address(self.data.path):
            return None
        return Path(os.path.normpath(self.path.parent / self.data.path))

    def beside(self, name: str | None) -> str | None:
        """A file beside the study, seen from where the study file was named."""
        return None if name is None else str(self.path.parent / name)

    @property
    def data_source(self) -> str | None:
        """The data as they are read: the file, or the address of a table on a server."""
        if self.data is None:
            return None
        return str(self.data_path or self.data.path)

    def title(self, language: str | None = None) -> str:
        """The study's title, else the name of its file."""
        return said(self.about.title, language or self.language) or self.path.stem

    def claims_in(self, language: str | None = None) -> tuple[Claim, ...]:
        """The claims with their wording in a language."""
        spoken = language or self.language
        texts = self.claim_texts
        return tuple(replace(claim, text=said(texts.get(claim.id, claim.text), spoken)) for claim in self.claims)

    def line(self, place: Place) -> int | None:
        """The line of a setting, else of the table around it."""
        while place:
            if place in self.lines:
                return self.lines[place]
            place = place[:-1]
        return None
