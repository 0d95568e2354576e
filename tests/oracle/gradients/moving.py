# RUN: %python %s
"""Gradients of operators that move elements equal complex step."""
import cases_moving  # noqa: F401
from complex_step import check

check("reshape", "transpose", "broadcast", "slice", "pad", "concat",
      "reverse", "block", "unblock", "gather", "scatter_add", "pick")
