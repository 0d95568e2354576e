# RUN: %python %s
"""Matrix products by OpenBLAS are within (8 + sqrt n) u sum|a||b|."""
import cases_reducing  # noqa: F401
from forward import check

check("matmul", options=["--blas=openblas"], flags=["-DBLAS"])
