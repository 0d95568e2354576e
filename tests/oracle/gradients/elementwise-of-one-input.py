# RUN: %python %s
"""Gradients of element-wise operators of one input equal complex step."""
import cases_elementwise
from complex_step import check

check(*[op for op in cases_elementwise.ONE if op not in ("real", "stop")])
