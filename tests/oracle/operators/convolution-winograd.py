# RUN: %python %s
"""Winograd convolutions and their weights are within (8 + sqrt n) u of the
transforms' sums of absolute values, with vectors of 16 and of 32 bytes; those
of a stride, on the phases of the image, within four times (8 + sqrt n) u
sum|w||x|."""
import cases_window  # noqa: F401
from forward import check

check("conv_winograd", "pack_winograd")
check("conv_winograd", options=["--target=x86-64-v3"])
for cells in (4, 6):
    check("conv", options=[f"--conv=winograd{cells}"], times=4, only=lambda c:
          c.at.get("stride") == (2, 2) and c.arrays[1].shape[2] >= 5)
