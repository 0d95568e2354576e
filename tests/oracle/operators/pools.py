# RUN: %python %s
"""Pools and their adjoints are what a loop over windows gives."""
import cases_window  # noqa: F401
from forward import check

check("maxpool", "maxpick", "maxunpick", "sumpool", "sumunpool", "unfold",
      "fold")
