# RUN: %python %s
"""Gradients of gradients, and declared derivatives, equal complex step."""
import cases_formulas  # noqa: F401
from complex_step import check

check("grad", "withgrad")
