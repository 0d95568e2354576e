# RUN: %python %s
"""Gradients of matrix products equal complex step, all four transpositions
and leading axes among them."""
import cases_reducing  # noqa: F401
from complex_step import check

check("matmul")
