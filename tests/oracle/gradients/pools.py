# RUN: %python %s
"""Gradients of pools and of their adjoints equal complex step."""
import cases_window  # noqa: F401
from complex_step import check

check("maxpool", "maxpick", "maxunpick", "sumpool", "sumunpool", "unfold",
      "fold")
