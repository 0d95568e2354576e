# RUN: %python %s
"""Convolutions with the implementation that costs least are within
(8 + sqrt n) u sum|w||x|, for each target."""
import cases_window  # noqa: F401
from forward import check

check("conv")
check("conv", options=["--target=x86-64-v3"], flags=["-march=x86-64-v3"])
