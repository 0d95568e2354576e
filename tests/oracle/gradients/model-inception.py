# RUN: %python %s
"""The gradient of two small Inception modules equals complex step."""
import tempfile

import numpy as np

from model_gradient import check

SOURCE = """dim N <= 4;
layer inception{n1: int, r3: int, n3: int, r5: int, n5: int, pp: int}
               [B, C, H, W](x: real[B, C, H, W]) -> real[B, n1 + n3 + n5 + pp, H, W] {
  let a = x |> conv{n1, 1} |> relu;
  let b = x |> conv{r3, 1} |> relu |> conv{n3, 3, pad = same} |> relu;
  let c = x |> conv{r5, 1} |> relu |> conv{n5, 5, pad = same} |> relu;
  let d = x |> maxpool{3, stride = 1, pad = same} |> conv{pp, 1} |> relu;
  return concat(a, b, c, d, axis = 1);
}
model small {
  input x : real[N, 3, 12, 11];
  input y : int<5>[N];
  let z = x |> conv{4, 3, stride = 2, pad = 1} |> relu
            |> lrn{3, alpha = 0.1} |> maxpool{3, stride = 2, pad = 1}
            |> inception{2, 3, 4, 2, 3, 3} |> inception{3, 2, 3, 2, 2, 2}
            |> avgpool{global} |> flatten |> dropout{keep = 0.6} |> dense{5};
  output p = softmax(z);
  loss J = mean(xent(z, y));
  train step { minimize J; using adam{lr = 1e-3}; }
}
"""
random = np.random.default_rng(3)
with tempfile.NamedTemporaryFile("w", suffix=".dl") as f:
    f.write(SOURCE)
    f.flush()
    check(f.name, "small", {"x": random.standard_normal((3, 3, 12, 11)),
                            "y": random.integers(0, 5, 3)}, seed=1)
