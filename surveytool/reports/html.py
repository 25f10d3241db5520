"""The report as one page: contents in sight, charts as vectors in the page, light and dark, ready to print."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from html import escape
from importlib import resources

from surveytool.charts import draw
from surveytool.render.html import CLASS, anchor, section
from surveytool.render.inert_text import clean, isolate
from surveytool.reports.document import Document, Pair, Picture, Section


def render(document: Document) -> bytes:
    """The page as UTF-8."""
    return _Page(document).text().encode("utf-8", errors="backslashreplace")


class _Page:
    """One report on its way to a page; tables and figures are numbered as they come."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.figures = 0

    def text(self) -> str:
        """The whole page."""
        document = self.document
        style = _style("surveytool.render", "page.css") + _style("surveytool.render", "table.css")
        style += _style("surveytool.reports", "report.css")
        return (
            f'<!doctype html>\n<html lang="{document.language}">\n<head>\n<meta charset="utf-8">\n'
            '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
            '<meta name="color-scheme" content="light dark">\n'
            f"<title>{_text(document.title)}</title>\n<style>\n{style}</style>\n</head>\n"
            f'<body class="report">\n{self._body()}</body>\n</html>\n'
        )

    def _body(self) -> str:
        document, heads = self.document, self.document.heads
        parts = [
            f"<header>\n<h1>{_text(document.title)}</h1>\n{_facts(document.facts, 'glance')}\n</header>",
            self._contents(),
            f'<main class="{CLASS}" lang="{document.language}">',
            f'<section id="methods" class="part">\n<h2>{_text(heads.methods)}</h2>',
            f"<p>{_text(' '.join(document.methods))}</p>\n</section>",
            f'<h2 id="results">{_text(heads.results)}</h2>',
            *(self._section(section, index) for index, section in enumerate(document.sections, 1)),
            *self._claims(),
            *self._notes(),
            f'<section id="provenance" class="part">\n<h2>{_text(heads.provenance)}</h2>',
            f"<p>{_text(document.source)}</p>\n{_facts(document.settings, 'settings')}\n</section>\n</main>",
        ]
        return "\n".join(parts) + "\n"

    def _contents(self) -> str:
        document, heads = self.document, self.document.heads
        inner = "".join(
            f'<li><a href="#s-{anchor(section.name)}">{_text(section.title)}</a></li>' for section in document.sections
        )
        entries = [_entry("methods", heads.methods)]
        entries.append(f'<li><a href="#results">{_text(heads.results)}</a>\n<ol>{inner}</ol></li>')
        entries += [_entry("published", heads.claims)] if document.claims else []
        entries += [_entry("notes", heads.notes)] if document.notes else []
        entries.append(_entry("provenance", heads.provenance))
        name = _text(heads.contents)
        return f'<nav aria-label="{name}">\n<h2>{name}</h2>\n<ul>\n' + "\n".join(entries) + "\n</ul>\n</nav>"

    def _section(self, given: Section, number_of_section: int) -> str:
        parts = [f'<article id="s-{anchor(given.name)}">', f"<h3>{number_of_section}. {_text(given.title)}</h3>"]
        if given.findings:
            items = "".join(f"<li>{_text(finding)}</li>" for finding in given.findings[1:])
            more = f"\n<ul>{items}</ul>" if items else ""
            parts.append(f'<div class="finding">\n<p>{_text(given.findings[0])}</p>{more}\n</div>')
        parts += [self._figure(picture) for picture in given.pictures]
        parts += [section(table) for table in given.tables]
        return "\n".join([*parts, "</article>"])

    def _figure(self, picture: Picture) -> str:
        self.figures += 1
        caption = f"{self.document.heads.figure} {self.figures}"
        return f"<figure>\n{_svg(picture, self.figures)}\n<figcaption>{_text(caption)}</figcaption>\n</figure>"

    def _claims(self) -> Iterator[str]:
        if self.document.claims:
            yield f'<h2 id="published">{_text(self.document.heads.claims)}</h2>'
            yield from (section(table) for table in self.document.claims)

    def _notes(self) -> Iterator[str]:
        if self.document.notes:
            items = "\n".join(f"<li>{_text(note)}</li>" for note in self.document.notes)
            yield f'<section id="notes" class="part">\n<h2>{_text(self.document.heads.notes)}</h2>'
            yield f"<ul>\n{items}\n</ul>\n</section>"


def _entry(name: str, text: str) -> str:
    return f'<li><a href="#{name}">{_text(text)}</a></li>'


def _text(text: str) -> str:
    return escape(isolate(clean(text)))


def _facts(pairs: Sequence[Pair], kind: str) -> str:
    items = "\n".join(f"<div><dt>{_text(name)}</dt><dd>{_text(value)}</dd></div>" for name, value in pairs)
    return f'<dl class="{kind}">\n{items}\n</dl>'


def _svg(picture: Picture, number: int) -> str:
    """The chart as a part of the page: its style and its ids are its own."""
    text = draw(picture.chart, "svg", picture.theme).decode("utf-8")
    text = text[text.index("<svg") :].rstrip("\n")
    text = re.sub(r'<style type="text/css">(.*?)</style>', "", text, flags=re.DOTALL)
    text = re.sub(r"\s*<defs>\s*</defs>", "", text)
    text = re.sub(r' id="(?:figure|patch|line2d|text|axes|PathCollection|LineCollection)_\d+"', "", text)
    text = re.sub(r'( id="|href="#|url\(#)', lambda match: f"{match[1]}f{number}-", text)
    return re.sub(r' width="[\d.]+pt" height="[\d.]+pt"', "", text, count=1)


def _style(package: str, name: str) -> str:
    return resources.files(package).joinpath(name).read_text(encoding="utf-8")
