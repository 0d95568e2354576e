# RUN: %python %s
"""Gradients of element-wise operators of several inputs, broadcast ones too,
equal complex step."""
import cases_elementwise
from complex_step import check

check(*cases_elementwise.TWO, "select")
