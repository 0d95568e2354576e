# RUN: %python %s
"""The gradient of the model with batch normalisation and a state that every
call changes equals complex step."""
import numpy as np

from emitted import ROOT
from model_gradient import check

random = np.random.default_rng(9)
check(f"{ROOT}/examples/stream/model.dl", "stream",
      {"x": random.standard_normal((5, 16, 3)) + 1,
       "y": random.integers(0, 4, 5)})
