# RUN: %python %s
"""Matrix products are within (8 + sqrt n) u sum|a||b|."""
import cases_reducing  # noqa: F401
from forward import check

check("matmul")
