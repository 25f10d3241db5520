"""The figures of a text against each other, without a study.

Shares of one sentence that say the same of men, of women and of everybody are claims
like those of a study file, and are held against each other by the same rules.
"Did not use them" is the rest of "used social networks" where the words are the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from surveytool.frozen import frozen
from surveytool.proofreading.binding import ends_of
from surveytool.proofreading.figure_patterns import ages_marked
from surveytool.proofreading.figures import Figure, figures_in
from surveytool.proofreading.judging import Finding
from surveytool.proofreading.language import Language, plain
from surveytool.proofreading.passages import Document, Passage
from surveytool.proofreading.printed_tests import tests_in
from surveytool.proofreading.reading_of_document import Proof
from surveytool.published_figures import Claim, check
from surveytool.published_figures.claims import Finding as Contradiction

SAME = 0.5  # share of a clause's words that another clause has too, from which on they speak of one thing
PEOPLE = (
    "migrants",
    "migrant",
    "migrantes",
    "people",
    "personas",
    "personnes",
    "said",
    "say",
    "dijo",
    "dicen",
    "dijeron",
    "disent",
    "déclarent",
)
PRONOUNS = {
    "en": ("them", "it", "these", "those"),
    "es": ("las", "los", "lo", "la", "ellas", "ellos"),
    "fr": ("les", "le", "la", "l", "en"),
}


@frozen
class Said:
    """A share of a sentence: of whom, whether it is denied, and the words of what is said."""

    figure: Figure
    group: str | None
    denied: bool
    stems: frozenset[str]
    pronoun: bool


@frozen
class Spot:
    """Where a figure stands."""

    passage: Passage
    block: int
    sentence: str
    start: int
    figure: Figure


def proof_alone(document: Document, words: Language) -> tuple[Proof, tuple[Contradiction, ...]]:
    """Every figure of a document, held against the others, and what they say against each other."""
    spots: dict[str, Spot] = {}
    claims: list[Claim] = []
    findings: list[Finding] = []
    for block, passage in enumerate(document.blocks):
        if not isinstance(passage, Passage):
            continue
        findings += tests_in(passage, block, words)
        for number, (text, start) in enumerate(_sentences(passage.text)):
            marked, _ = ages_marked(text, words)
            figures = figures_in(marked, words)
            for index, figure in enumerate(figures):
                spots[f"{block}.{number}.{index}"] = Spot(
                    passage=passage, block=block, sentence=text, start=start, figure=figure
                )
            claims += _claims(f"{block}.{number}", text, figures, words)
    said = tuple(check(claims))
    findings += [_finding(name, spot, said) for name, spot in spots.items()]
    ordered = sorted(findings, key=lambda finding: (finding.block, finding.start))
    return Proof(document=document.name, language=words.name, findings=tuple(ordered)), said


def _finding(name: str, spot: Spot, said: Sequence[Contradiction]) -> Finding:
    against = [one for one in said if name in one.claims]
    sure = any(one.weight == "contradiction" for one in against)
    reason = "proofread_contradicts" if sure else "proofread_doubtful" if against else "proofread_alone"
    return Finding(
        text=spot.sentence,
        value=spot.figure.value,
        place=spot.passage.place,
        printed=spot.figure.text,
        block=spot.block,
        start=spot.start + spot.figure.start,
        end=spot.start + spot.figure.end,
        reason=reason,
        verdict="differs" if sure else "ambiguous" if against else "unknown",
        values=(("notes", tuple(note for one in against for note in (*one.explanation, *one.reading))),),
    )


def _sentences(text: str) -> Iterator[tuple[str, int]]:
    start = 0
    for end in ends_of(text):
        piece = text[start:end]
        yield piece.rstrip(), start
        start = end


def _claims(name: str, text: str, figures: Sequence[Figure], words: Language) -> list[Claim]:
    """The shares of a sentence as claims; those that speak of one thing are of one question."""
    shares = [
        (index, figure) for index, figure in enumerate(figures) if figure.kind == "percent" and figure.hedge is None
    ]
    said = [(index, _said(figure, text, figures, words)) for index, figure in shares]
    said = _inherited(said)
    topics: list[frozenset[str]] = []
    claims = []
    for index, one in said:
        topic = next((number for number, stems in enumerate(topics) if _same(one, stems)), None)
        if topic is None:
            topics.append(one.stems)
            topic = len(topics) - 1
        claims.append(
            Claim(
                id=f"{name}.{index}",
                text=text,
                published=one.figure.value,
                decimals=one.figure.decimals,
                variable=f"{name}.{topic}",
                level="not yes" if one.denied else "yes",
                by={} if one.group is None else {"group": one.group},
                n=one.figure.n,
            )
        )
    return claims if len(claims) > 1 else []


def _same(one: Said, stems: frozenset[str]) -> bool:
    shared = sum(any(_alike(stem, other) for other in stems) for stem in one.stems)
    return bool(shared) and (shared > SAME * len(one.stems) or one.pronoun)


def _alike(stem: str, other: str) -> bool:
    """Whether two stems are one verb's: "usan" and "usa"."""
    size = min(len(stem), len(other), 5)
    return size >= 3 and stem[:size] == other[:size]


def _said(figure: Figure, text: str, figures: Sequence[Figure], words: Language) -> Said:
    """What stands after a figure, up to the next."""
    after = min((other.start for other in figures if other.start >= figure.end), default=len(text))
    clause = text[figure.end : after]
    groups = {key: [plain(word) for word in words.given["groups"][key]] for key in ("male", "female")}
    names = [plain(word) for word in re.findall(r"[^\W\d_]+", clause)]
    group = next((key for key, known in groups.items() if any(name in known for name in names[:6])), None)
    known = {stem for key in groups for word in words.given["groups"][key] for stem in words.stems(word)}
    known |= {stem for word in words.words("everybody") for stem in words.stems(word)}
    known |= {stem for word in words.words("negation") for stem in words.stems(word)}
    known |= {words.stem(word) for word in PEOPLE}
    pronoun = any(name in PRONOUNS[words.name] for name in names)
    denied = words.negation.search(clause) is not None
    return Said(
        figure=figure, group=group, denied=denied, stems=frozenset(words.stems(clause)) - known, pronoun=pronoun
    )


def _inherited(said: Sequence[tuple[int, Said]]) -> list[tuple[int, Said]]:
    """Clauses without words of their own ("47% of men and") say what the next one says."""
    whole: list[tuple[int, Said]] = []
    for index, one in reversed(said):
        if not one.stems and whole:
            following = whole[0][1]
            one = replace(one, stems=following.stems, denied=following.denied)
        whole.insert(0, (index, one))
    return whole
