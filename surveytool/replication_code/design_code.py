"""A design alone as code: what R's survey package and Stata's svy need to open a file with its weights."""

from __future__ import annotations

from surveytool.replication_code import r_code, stata_code
from surveytool.survey import Codebook, Design


def design_code(design: Design, book: Codebook) -> tuple[list[str], list[str]]:
    """Lines of R that make ``design`` of a frame ``d``, and the ``svyset`` line of Stata."""
    return r_code._design(design, book), stata_code._design(design, None)
