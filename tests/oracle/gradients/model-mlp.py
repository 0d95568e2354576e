# RUN: %python %s
"""The MLP's gradient, noise and dropout drawn, equals complex step."""
import numpy as np

from emitted import ROOT
from model_gradient import check

random = np.random.default_rng(1)
check(f"{ROOT}/examples/mlp/model.dl", "mlp",
      {"x": random.random((5, 784)), "y": random.integers(0, 10, 5)},
      "-DH=17")
