# RUN: %python %s
"""Operators that move elements move the right ones."""
import cases_moving  # noqa: F401
from forward import check

check("const", "reshape", "transpose", "broadcast", "slice", "pad", "concat",
      "reverse", "block", "unblock", "pack_blocked", "phases",
      "gather", "scatter_add", "pick", "onehot")
