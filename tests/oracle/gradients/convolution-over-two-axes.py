# RUN: %python %s
"""Gradients of convolutions over two axes equal complex step: every layout,
strides above the kernel, dilation, groups, padding and cropping."""
import cases_window  # noqa: F401
from complex_step import check

check("conv", only=lambda case: len(case.inputs[0].dims) == 4)
