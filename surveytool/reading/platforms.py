"""Which platform wrote a file, by the names of its own columns, and the interviews that it marks as doubtful.

Previews, tests, unfinished, rejected and refused interviews stand in the file beside the others. They are counted
and told, with the condition that leaves them out; nothing is dropped by itself. The platform's own columns are no
questions.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Any, Literal

from surveytool.frozen import frozen
from surveytool.notes import Note, note
from surveytool.reading.infer import distinct
from surveytool.reading.loaded import Loaded
from surveytool.survey import code_text

Platform = Literal["Qualtrics", "LimeSurvey", "Kobo, ODK or Ona", "SurveyMonkey", "REDCap", "Google Forms",
                   "Microsoft Forms"]  # fmt: skip
Doubt = Literal["preview", "unfinished", "rejected", "refused"]

_MARKS: dict[Platform, tuple[int, str]] = {  # how many of these names a file has to have
    "Qualtrics": (3, "startdate enddate status progress duration finished recordeddate responseid distributionchannel "
                     "userlanguage durationinseconds"),
    "LimeSurvey": (2, "submitdate lastpage startlanguage seed responseid datesubmitted startlanguage iderespuesta "
                      "fechadeenvio ultimapagina lenguajeinicial datedesoumission dernierepage languededepart"),
    "Kobo, ODK or Ona": (1, "_uuid _submission_time __version__ _xform_id_string _validation_status instanceid "
                            "meta/instanceid formhub/uuid _submission__uuid submitterid submissiondate parent_key"),
    "SurveyMonkey": (2, "respondentid collectorid datecreated datemodified"),
    "REDCap": (1, "record_id redcap_event_name redcap_repeat_instrument redcap_survey_identifier"),
    "Google Forms": (1, "timestamp marcatemporal horodateur carimbodedata/hora"),
    "Microsoft Forms": (2, "starttime completiontime horadeinicio horadefinalizacion heurededebut heuredefin"),
}  # fmt: skip
_OWN: dict[Platform, str] = {
    "Qualtrics": r"startdate|enddate|status|ipaddress|progress|duration|durationinseconds|finished|recordeddate|"
                 r"responseid|recipient\w+|externalreference|externaldatareference|location(latitude|longitude)|"
                 r"distributionchannel|userlanguage|q_\w+",
    "LimeSurvey": r"id|submitdate|lastpage|startlanguage|seed|startdate|datestamp|ipaddr|refurl|token|responseid|"
                  r"datesubmitted|lastpage|datestarted|datelastaction|ipaddress|referrerurl|iderespuesta|"
                  r"fechadeenvio|ultimapagina|lenguajeinicial|iddelareponse|datedesoumission|dernierepage|"
                  r"languededepart|interviewtime|totaltime|grouptime\w*|questiontime\w*",
    "Kobo, ODK or Ona": r"_id|_uuid|_submission_\w+|_submission__\w+|_validation_status|_notes|_status|_tags|_index|"
                        r"_parent_\w+|__version__|_version_?|_xform_id\w*|_duration|_bamboo_dataset_id|_media_count|"
                        r"_total_media|_media_all_received|_edited|_last_edited|_submitted_by|_date_modified|"
                        r"instanceid|instancename|meta/\w+|formhub/\w+|start|end|today|deviceid|username|simid|"
                        r"simserial|subscriberid|phonenumber|key|parent_key|submissiondate|submitterid|submittername|"
                        r"attachments\w+|reviewstate|edits|formversion|status",
    "SurveyMonkey": r"respondentid|collectorid|datecreated|datemodified|ipaddress|emailaddress|firstname|lastname|"
                    r"customdata\d*|startdate|enddate",
    "REDCap": r"record_id|redcap_\w+|\w+_timestamp|\w+_complete",
    "Google Forms": r"timestamp|marcatemporal|horodateur|emailaddress|score|username",
    "Microsoft Forms": r"id|starttime|completiontime|email|name|lastmodifiedtime|horadeinicio|horadefinalizacion|"
                       r"correoelectronico|nombre|heurededebut|heuredefin|adressedemessagerie|nom|language|idioma",
}  # fmt: skip
MOST_STATES = 12
_PREVIEW = (r".*(preview|test|spam|vista previa|prueba|apercu|aperçu|pr[ée]-?visualisation|visualiza|essai).*|"
            r"1|2|8|9|12|17")  # fmt: skip
_NO = r"false|0|no|falso|faux|non|n[ãa]o|0\.0"
_YES = r"true|1|yes|si|sí|oui|sim|test|prueba"
_DOUBTS: tuple[tuple[Platform | None, str, Doubt, str], ...] = (  # "" stands for a blank
    ("Qualtrics", r"status", "preview", _PREVIEW),
    ("Qualtrics", r"finished", "unfinished", _NO),
    ("LimeSurvey", r"submitdate|datesubmitted|fechadeenvio|datedesoumission", "unfinished", ""),
    ("Kobo, ODK or Ona", r"_validation_status", "rejected", r".*not[ _]approved"),
    ("Kobo, ODK or Ona", r"reviewstate", "rejected", r"rejected"),
    ("Kobo, ODK or Ona", r"(is_?)?test(_interview)?|(es_?)?prueba", "preview", _YES),
    (None, r"(informed_?)?consent(_?(given|yn|ok|form|note))?|consent(ement|imiento|imento)(_?(informado|eclaire))?",
     "refused", _NO),
)  # fmt: skip


@frozen
class Doubtful:
    """Interviews that a column marks: the column as the file calls it, why, how many, and who they are not."""

    column: str
    why: Doubt
    n: int
    condition: str


def plain_name(name: str) -> str:
    """A name without case, blanks and brackets, accents kept out; group paths keep their last part only for ``_``.

    >>> plain_name("Duration (in seconds)"), plain_name("meta/instanceID"), plain_name("Fecha de envío")
    ('durationinseconds', 'meta/instanceid', 'fechadeenvio')
    """
    import unicodedata

    bare = unicodedata.normalize("NFKD", name.casefold())
    return re.sub(r"[^\w/]+", "", "".join(each for each in bare if not unicodedata.combining(each)))


def platforms_of(names: Collection[str]) -> tuple[Platform, ...]:
    """The platforms whose own columns a file has.

    >>> platforms_of(["StartDate", "Status", "Finished", "Q1"]), platforms_of(["age", "Status"])
    (('Qualtrics',), ())
    """
    plain = {plain_name(name) for name in names}
    return tuple(which for which, (least, marks) in _MARKS.items() if len(plain & set(marks.split())) >= least)


def own_columns(names: Collection[str]) -> frozenset[str]:
    """The columns that a platform adds by itself: they are no questions."""
    patterns = [_OWN[which] for which in platforms_of(names)]
    return frozenset(name for name in names if any(re.fullmatch(pattern, plain_name(name)) for pattern in patterns))


def state_columns(names: Collection[str]) -> tuple[str, ...]:
    """The columns that tell doubtful interviews from others."""
    here = platforms_of(names)
    return tuple(name for name in names if any(
        (which is None or which in here) and re.fullmatch(pattern, plain_name(name).rpartition("/")[2])
        for which, pattern, _, _ in _DOUBTS
    ))  # fmt: skip


def doubtful_interviews(
    names: Collection[str], rows: int, counts_of: Callable[[str], Mapping[Any, int] | None]
) -> Iterator[Doubtful]:
    """What the state columns say of ``rows`` interviews; ``counts_of`` a name is None where it was not read."""
    here = platforms_of(names)
    for name in state_columns(names):
        counts = counts_of(name)
        for which, pattern, why, values in _DOUBTS if counts is not None else ():
            if (which is None or which in here) and re.fullmatch(pattern, plain_name(name).rpartition("/")[2]):
                found = _marked(name, counts or {}, rows, why, values)
                yield from [found] if found is not None else []


def _marked(name: str, counts: Mapping[Any, int], rows: int, why: Doubt, values: str) -> Doubtful | None:
    written = name if re.fullmatch(r"[A-Za-z_]\w*", name) else f"`{name}`"
    blank = rows - sum(counts.values())
    if not values:
        return Doubtful(column=name, why=why, n=blank, condition=f"not {written} is missing") if blank else None
    texts = {code_text(value): count for value, count in counts.items()}
    bad = {text: count for text, count in texts.items() if re.fullmatch(values, text.strip().casefold())}
    n = sum(bad.values())
    if not n or len(texts) > MOST_STATES or 2 * n > rows:  # most interviews are none of these: a question, then
        return None
    quoted = ", ".join("'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'" for text in bad)
    condition = f"{written} != {quoted}" if len(bad) == 1 else f"not {written} in ({quoted})"
    condition = f"({condition} or {written} is missing)" if blank else condition
    return Doubtful(column=name, why=why, n=n, condition=condition)


def interview_notes(loaded: Loaded) -> Iterator[Note]:
    """One note for each column that marks interviews; how many there are is the analyst's to know."""
    table = loaded.table

    def counts(name: str) -> Mapping[Any, int] | None:
        return distinct(table.column(name)) if name in table.column_names else None

    for doubtful_interview in doubtful_interviews(loaded.names, table.num_rows, counts):
        yield note("doubtful_interviews", why=doubtful_interview.why, column=doubtful_interview.column)
