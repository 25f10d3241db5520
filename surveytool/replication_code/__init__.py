"""How one number was made: its design, its formula, and the same request as R and Stata code."""

from surveytool.replication_code.explanation import Explanation, explain

__all__ = ["Explanation", "explain"]
