# RUN: %python %s
"""Winograd convolutions and their weights are within (8 + sqrt n) u of the
transforms' sums of absolute values, with vectors of 16 and of 32 bytes."""
import cases_window  # noqa: F401
from forward import check

check("conv_winograd", "pack_winograd")
check("conv_winograd", options=["--target=x86-64-v3"])
