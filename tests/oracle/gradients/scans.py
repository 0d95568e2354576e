# RUN: %python %s
"""Gradients through scans equal complex step: carries, sequences and stacks
along any axis, captured weights, run-time numbers of turns, scans in scans,
gradients of gradients; with and without what simplifies them."""
import cases_scan  # noqa: F401
from complex_step import check

check("scan")
check("scan", options=["--disable=fold,cse,collapse"])
