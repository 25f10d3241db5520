"""Why an answer is missing, told from the label of a value that the file declares missing.

Of a declared value any word of the label tells the reason; whether an answer that is
not declared missing is one is told by its whole label (``surveytool.survey.non_answers``).
"""

from __future__ import annotations

import re
from functools import lru_cache

from surveytool.survey import Missing
from surveytool.survey.non_answers import non_answer

_KINDS: tuple[tuple[Missing, str], ...] = (
    (
        "dont_know",
        r"do(n'?t| not) know|dk\b|unsure|not sure|no sabe|ns\b|no lo s[ée]|ne sai[ts] pas|nsp\b|"
        r"n[ãa]o sabe|no recuerda",
    ),
    (
        "refused",
        r"refus|prefer not|declin|no (desea|quiere) responder|prefiere no|reh[úu]s|recus|no answer given|nr\b",
    ),
    (
        "not_asked",
        r"not asked|inapplicable|not applicable|n/?a\b|skip|no se le pregunt|no aplica|inap|non applicable|"
        r"n[ãa]o se aplica|not in (universe|wave)|no aplicable",
    ),
    (
        "not_answered",
        r"no answer|not answered|not stated|no (responde|contesta|respuesta)|sin respuesta|non r[ée]ponse|"
        r"pas de r[ée]ponse|missing|sem resposta|unknown|desconocido|inconnu|blank",
    ),
)


@lru_cache(maxsize=4096)
def kind_of_missing(label: str) -> Missing:
    """The missing kind that a label names; ``user`` where it names none.

    >>> kind_of_missing("No sabe"), kind_of_missing("Refused"), kind_of_missing("99")
    ('dont_know', 'refused', 'user')
    """
    whole = non_answer(label)
    if whole is not None:
        return whole
    text = label.lower().replace("’", "'")
    for kind, pattern in _KINDS:
        if re.search(rf"\b({pattern})", text):
            return kind
    return "user"


def looks_missing(label: str) -> bool:
    """Whether a whole label says that there is no answer.

    >>> looks_missing("98 Don't know"), looks_missing("Refused to be interviewed")
    (True, False)
    """
    return non_answer(label) is not None
