# RUN: %python %s
"""The gradient of the 1-D model with two heads, four kinds of pools and
functions of its own equals complex step."""
import numpy as np

from emitted import ROOT
from model_gradient import check

random = np.random.default_rng(4)
check(f"{ROOT}/examples/multitask/model.dl", "multitask",
      {"x": random.standard_normal((2, 4, 128)),
       "phone": random.integers(0, 40, 2),
       "pitch": random.standard_normal(2) * 2})
