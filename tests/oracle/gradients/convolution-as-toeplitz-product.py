# RUN: %python %s
"""Gradients of convolutions computed as Toeplitz matrix products equal
complex step."""
import cases_window  # noqa: F401
from complex_step import check

check("conv", options=["--conv=toeplitz"],
      only=lambda case: int(case.name.split("_")[1]) % 3 == 0)
