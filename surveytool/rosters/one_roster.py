"""One roster of an export as a survey, for the command line and Python."""

from __future__ import annotations

from pathlib import Path

from surveytool.errors import unknown
from surveytool.rosters.joined_rows import of_rows
from surveytool.rosters.roster_links import Sheets, with_rosters
from surveytool.survey import Survey
from surveytool.survey.roster import Roster


def roster(survey: Survey, name: str | Roster, sheets: Sheets | None = None) -> Survey:
    """The survey of a roster's rows, with short names; ``name`` is one that the study declares, or a sheet.

    The design, weights and questions of the interviews come down, and the interview is a sampling unit. Raises
    ``UsageError`` for a roster that there is not, or whose rows find no interview.
    """
    asked = name if isinstance(name, Roster) else Roster(name=name)
    found = next((roster for roster in survey.rosters if roster.name == asked.name), None)
    if found is None:
        path = survey.provenance.path
        if path is None:
            raise unknown("roster", asked.name, [roster.name for roster in survey.rosters], "roster")
        place = sheets or Sheets(path=path, folder=Path(path).parent)
        found = with_rosters(survey, [asked], place).rosters[0]
    return of_rows(survey, found, short=True)
