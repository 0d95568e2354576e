# RUN: %python %s
"""Reductions are within (8 + sqrt n) u of the sum of what they add up."""
import cases_reducing  # noqa: F401
from forward import check

check("sum", "mean", "prod", "max_of", "min_of", "extent", "softmax",
      "logsumexp", "normalize", "argmax")
