"""The one gate between estimates and tables: reliability flags, and nothing that gives a respondent away."""

from surveytool.protect.protection import Method, Protection

__all__ = ["Method", "Protection"]
