# RUN: %python %s
"""The gradient of LeNet-5 with ReLU and maxima equals complex step."""
import numpy as np

from emitted import ROOT
from model_gradient import check

random = np.random.default_rng(2)
check(f"{ROOT}/examples/lenet5_relu/model.dl", "lenet5",
      {"x": random.random((2, 1, 28, 28)), "y": random.integers(0, 10, 2)})
