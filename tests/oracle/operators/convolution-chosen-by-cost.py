# RUN: %python %s
"""Convolutions with the implementation that costs least are within
(8 + sqrt n) u sum|w||x|, with optimisation and wide vectors too; wide windows
with a stride, for which these are Winograd's tiles of 8x8 cells, within four
times that."""
import cases_window  # noqa: F401
from emitted import cpu_has
from forward import check


def in_tiles(c):
    return c.at.get("stride") == (2, 2) and c.arrays[1].shape[2] == 7


if cpu_has("avx2", "fma"):
    target = {"options": ["--target=x86-64-v3"], "flags": ["-march=x86-64-v3"]}
    check("conv", only=lambda c: not in_tiles(c), **target)
    check("conv", only=in_tiles, times=4, **target)
else:
    check("conv", only=lambda c: not in_tiles(c))
    check("conv", only=in_tiles, times=4)
