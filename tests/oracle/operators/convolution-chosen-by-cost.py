# RUN: %python %s
"""Convolutions with the implementation that costs least are within
(8 + sqrt n) u sum|w||x|, with optimisation and wide vectors too."""
import cases_window  # noqa: F401
from emitted import cpu_has
from forward import check

if cpu_has("avx2", "fma"):
    check("conv", options=["--target=x86-64-v3"],
          flags=["-march=x86-64-v3"])
else:
    check("conv")
