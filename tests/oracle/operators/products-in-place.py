# RUN: %python %s
"""Products that end in the parameter they update equal NumPy's: tiles that fill
the result, tiles that do not, sums in blocks."""
import os
import tempfile

import numpy as np

from compare import close, finish
from dlc_run import dlc_run

SHAPES = [(48, 96), (7, 96), (50, 33), (6, 16)]
terms = " + ".join(f"mean((x{i} @ W{i}')^2)" for i in range(len(SHAPES)))
text = "model m {\n"
for i, (units, width) in enumerate(SHAPES):
    text += f"  input x{i} : real[40, {width}];\n"
    text += f"  param W{i} : real[{units}, {width}] ~ glorot();\n"
text += f"""  loss J = {terms};
  train step {{ minimize J; using sgd{{lr = 0.5, momentum = 0.9}}; }}
}}
"""
draw = np.random.default_rng(5)
x = {f"x{i}": draw.standard_normal((40, s[1])).astype(np.float32)
     for i, s in enumerate(SHAPES)}
W = {f"W{i}": draw.standard_normal(s).astype(np.float32)
     for i, s in enumerate(SHAPES)}
with tempfile.TemporaryDirectory() as folder:
    path = os.path.join(folder, "m.dl")
    with open(path, "w", encoding="utf-8") as f:
        f.write(text)
    _, after, _ = dlc_run(path, "step", x, "--steps=2", weights=W)
for i, (units, _) in enumerate(SHAPES):
    a, w = x[f"x{i}"].astype(np.float64), W[f"W{i}"].astype(np.float64)
    v = 0
    for _ in range(2):
        v = 0.9 * v + (2 / (40 * units)) * (a @ w.T).T @ a
        w = w - 0.5 * v
    close(f"W{i}", after[f"W{i}"], w, 1e-6)
finish()
