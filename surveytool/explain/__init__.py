"""How one number was made: its design, its formula, and the same request as R and Stata code."""

from surveytool.explain.explanation import Explanation, explain

__all__ = ["Explanation", "explain"]
