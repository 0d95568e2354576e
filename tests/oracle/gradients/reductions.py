# RUN: %python %s
"""Gradients of reductions equal complex step, of products with zeros too."""
import cases_reducing  # noqa: F401
from complex_step import check

check("sum", "mean", "prod", "max_of", "min_of", "softmax", "logsumexp",
      "normalize")
