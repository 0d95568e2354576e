# RUN: %python %s
"""Convolutions of one image with windows of one place, computed as products, are
within (8 + sqrt n) u sum|w||x|."""
from cases import case, real
from forward import check

case("conv", real(1, 17, 7, 13), real(5, 17, 1, 1))
case("conv", real(1, 1, 1, 1), real(3, 1, 1, 1))
case("conv", real(1, 40, 33), real(24, 40, 1))
case("conv", real(1, 9, 4, 5), real(9, 6, 1, 1), w="io")
check("conv", options=["--conv=matmul"])
check("conv", options=["--conv=matmul", "--target=x86-64-v3"])
