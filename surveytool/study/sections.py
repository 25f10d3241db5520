"""The tables of a study file, as the file names them, and the study that they make."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field, fields
from pathlib import Path

from surveytool.disclosure_control.protection import Protection
from surveytool.frozen import frozen
from surveytool.indicator_library.indicator_use import IndicatorUse
from surveytool.published_figures.claims import Claim
from surveytool.recoding.recode_types import Declared, Recode
from surveytool.recoding.route_definition import Route
from surveytool.study.study_file import (
    About,
    ChartEntry,
    ClaimEntry,
    ClaimSet,
    Data,
    Output,
    Place,
    Proofread,
    Study,
    TableEntry,
)
from surveytool.survey import Design
from surveytool.survey.field_work import FieldWork
from surveytool.survey.label import said
from surveytool.survey.roster import Roster
from surveytool.weighting.adjust_plan import AdjustPlan
from surveytool.weighting.weighting_plan import WeightsPlan


@frozen
class StudyFile:
    """A study of a survey: its data, design, questions, recodes, routes, tables, charts and published claims."""

    study: About = field(default_factory=About)
    data: Data | None = None
    design: Design = field(default_factory=Design)
    weights: WeightsPlan | None = None
    adjust: AdjustPlan | None = None
    variables: Mapping[str, Declared] = field(default_factory=dict)
    rosters: tuple[Roster, ...] = ()
    recodes: tuple[Recode, ...] = ()
    indicators: tuple[IndicatorUse, ...] = ()
    routes: tuple[Route, ...] = ()
    tables: tuple[TableEntry, ...] = ()
    charts: tuple[ChartEntry, ...] = ()
    claims: tuple[ClaimEntry, ...] = ()
    sets: Mapping[str, ClaimSet] = field(default_factory=dict)
    protect: Protection | None = None
    output: Output = field(default_factory=Output)
    proofread: Proofread = field(default_factory=Proofread)
    field: FieldWork | None = None  # last: it hides the function

    def study_at(
        self, path: Path, claims: tuple[Claim, ...], lines: Mapping[Place, int], numbers: Mapping[str, tuple[int, ...]]
    ) -> Study:
        """The study of these tables."""
        return Study(
            path=path,
            about=self.study,
            data=self.data,
            design=self.design,
            weights=self.weights,
            adjust=self.adjust,
            variables=self.variables,
            rosters=self.rosters,
            recodes=self.recodes,
            indicators=self.indicators,
            routes=self.routes,
            tables=self.tables,
            charts=self.charts,
            claims=claims,
            claim_texts={claim.id: claim.text for claim in self.claims if claim.text},
            sets=self.sets,
            field=self.field,
            protect=self.protect,
            output=self.output,
            proofread=self.proofread,
            lines=lines,
            numbers=numbers,
        )


def claim_of(entry: ClaimEntry) -> Claim:
    """The claim of an entry; ``UsageError`` for a printed figure that is no number."""
    from surveytool.published_figures.claims_file import printed

    values = {each.name: getattr(entry, each.name) for each in fields(Claim)}
    figure = entry.published
    values |= {"text": said(entry.text), "published": figure if isinstance(figure, float | int) else None}
    claim = Claim(**values)
    return printed(claim, figure) if isinstance(figure, str) else claim
