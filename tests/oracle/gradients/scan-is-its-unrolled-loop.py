# RUN: %python %s
"""A scan and the same loop unrolled have the same values, gradients, and
gradients of gradients."""
import tempfile

import numpy as np

import model
from compare import close, finish

SOURCE = """
dim N <= 4;
model loops {
  input x : real[N, 5, 3];
  param w : real[4, 4] ~ normal(0.0, 0.5);
  param v : real[4, 3] ~ normal(0.0, 0.5);
  param b : real[4] ~ normal(0.0, 0.5);
  param k : real = 0.3;
  param h0 : real[4] ~ normal(0.0, 0.5);
  let first = x[:, 0, ..] @ v' * 0.0 + h0;
  LOOP
  output e = sum(h * h) + sum(c);
  output gw = grad(e, w);
  output gv = grad(e, v);
  output gb = grad(e, b);
  output gk = grad(e, k);
  output gh = grad(e, h0);
  output gx = grad(e, x);
  output ggw = grad(sum(gx ^ 2) + sum(gv ^ 2), w);
}
"""
TURN = """
    let z = h @ w' + XT @ v' + b;
    next h = tanh(z) * c;
    next c = sigmoid(z) * c + k;
"""
SCAN = """scan (xt in x along 1; h : real[N, 4] = first,
        c : real[N, 4] = 1.0) {""" + TURN.replace("XT", "xt") + "}"
FOR = """for (t in 0 .. 5; h = first, c = first * 0.0 + 1.0) {""" \
    + TURN.replace("XT", "x[:, t]") + "}"

x = np.random.default_rng(3).standard_normal((3, 5, 3))
results = []
with tempfile.TemporaryDirectory() as folder:
    for i, loop in enumerate((SCAN, FOR)):
        path = f"{folder}/loop{i}.dl"
        with open(path, "w") as f:
            f.write(SOURCE.replace("LOOP", loop))
        m = model.Model(model.build(folder, path, "--real=f64",
                                    name=f"m{i}"), "loops")
        m.init(seed=4)
        shapes = {"e": (), "gw": (4, 4), "gv": (4, 3), "gb": (4,), "gk": (),
                  "gh": (4,), "gx": (3, 5, 3), "ggw": (4, 4)}
        results.append(m.call("infer", {"x": x}, shapes)[0])
for k, v in results[0].items():
    assert np.linalg.norm(v) > 1e-3, k
    close(k, v, results[1][k], 1e-12)
finish()
