"""The form that a survey was collected with, and who counts in its export.

An XLSForm holds the labels in all languages, the lists of answers, who was asked what and what is personal. It is a
source of the codebook, never a second one: the columns of an export get the form's names, codes and labels, and
from there on every command works as with any other file. The form is read by a small reader of our own, since the
converter of collection tools judges whether a form can be deployed and refuses three of eleven real ones that
collected data all the same; conditions are read by ``elementpath``, a parser of XPath.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from surveytool.lazy import lazy_names

if TYPE_CHECKING:
    from surveytool.collection_form.form import Form, FormQuestion
    from surveytool.collection_form.form_reading import read_form

__all__ = ["Form", "FormQuestion", "read_form"]

__getattr__ = lazy_names(__name__, {"form": ["Form", "FormQuestion"], "form_reading": ["read_form"]})
