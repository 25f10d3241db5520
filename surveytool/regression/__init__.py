"""Regression with design-based inference: statsmodels fits, the one variance door gives the covariance."""

from surveytool.regression.fit import FAMILIES, Specification, fit

__all__ = ["FAMILIES", "Specification", "fit"]
