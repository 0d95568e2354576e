# RUN: %python %s
"""Matrix products are within (8 + sqrt n) u sum|a||b|, with optimisation and
wide vectors too."""
import cases_reducing  # noqa: F401
from emitted import cpu_has
from forward import check

check("matmul", "matmul_panels")
if cpu_has("avx2", "fma"):
    check("matmul", "matmul_panels", options=["--target=x86-64-v3"],
          flags=["-march=x86-64-v3"])
