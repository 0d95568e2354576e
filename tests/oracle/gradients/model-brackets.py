# RUN: %python %s
"""The gradient of the recurrent cell written by hand, through its loop over
characters, equals complex step."""
import numpy as np

from emitted import ROOT
from model_gradient import check

random = np.random.default_rng(4)
check(f"{ROOT}/examples/brackets/model.dl", "brackets",
      {"text": random.integers(0, 4, (3, 24)),
       "depth": random.integers(0, 6, (3, 24))})
