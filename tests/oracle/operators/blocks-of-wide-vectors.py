# RUN: %python %s
"""Leaving blocks moves the right elements with vectors of 32 bytes too."""
import cases_moving  # noqa: F401
from forward import check

check("block", "unblock", options=["--target=x86-64-v3"])
