"""The nouns: Level, Variable, Codebook, Design, Replicates, Request, Survey, Provenance."""

from surveytool.survey.design import Calibrated, Design, LonelyPsu, ReplicateMethod, Replicates, Sample
from surveytool.survey.label import Text
from surveytool.survey.ledger import Ledger, LedgerLine
from surveytool.survey.non_answers import Missing
from surveytool.survey.recruitment import Recruitment, Rounds
from surveytool.survey.request import (
    Base,
    Percent,
    Request,
    Sort,
    Standard,
    breakdown,
    headed,
    known_names,
    share_parts,
)
from surveytool.survey.survey import Provenance, Survey, booked
from surveytool.survey.variable import (
    SEVERAL,
    Code,
    Codebook,
    Kind,
    Level,
    Variable,
    code_text,
    find_level,
    level_of_code,
    printed_names,
)

__all__ = [
    "SEVERAL",
    "Base",
    "Calibrated",
    "Code",
    "Codebook",
    "Design",
    "Kind",
    "Ledger",
    "LedgerLine",
    "Level",
    "LonelyPsu",
    "Missing",
    "Percent",
    "Provenance",
    "Recruitment",
    "ReplicateMethod",
    "Replicates",
    "Request",
    "Rounds",
    "Sample",
    "Sort",
    "Standard",
    "Survey",
    "Text",
    "Variable",
    "booked",
    "breakdown",
    "code_text",
    "find_level",
    "headed",
    "known_names",
    "level_of_code",
    "printed_names",
    "share_parts",
]
