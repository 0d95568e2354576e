# RUN: %python %s
"""Depthwise convolutions of channel-blocked arrays are within (8 + sqrt n) u
sum|w||x|, with vectors of 16 and of 32 bytes."""
import cases_window  # noqa: F401
from forward import check

check("conv_depthwise")
check("conv_depthwise", options=["--target=x86-64-v3"])
