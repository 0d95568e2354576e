# RUN: %python %s
"""Gradients of the autoencoders, coupled weights and injected noise among
them, and of the ridge network equal complex step."""
import numpy as np

from emitted import ROOT
from model_gradient import check

random = np.random.default_rng(5)
for name in ("linear_ae", "coupled_ae", "denoising_ae", "ridge"):
    check(f"{ROOT}/examples/autoencoders/model.dl", name,
          {"x": random.random((6, 11)), "t": random.random(6)},
          "-DD=11", "-DK=4", f"--model={name}")
