# RUN: %python %s
"""Element-wise operators of several inputs compute what numpy does, broadcast
ones, integers and truth values too."""
import cases_elementwise
from forward import check

check(*cases_elementwise.TWO, *cases_elementwise.COMPARE, "and", "or",
      "select", "withgrad")
