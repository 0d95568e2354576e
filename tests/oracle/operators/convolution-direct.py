# RUN: %python %s
"""Convolutions with --conv=direct are within (8 + sqrt n) u sum|w||x|."""
import cases_window  # noqa: F401
from forward import check

check("conv", options=["--conv=direct"])
