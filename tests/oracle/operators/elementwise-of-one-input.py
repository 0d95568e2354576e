# RUN: %python %s
"""Element-wise operators of one input compute what numpy does."""
import cases_elementwise
from forward import check

check(*cases_elementwise.ONE, "int", "not")
