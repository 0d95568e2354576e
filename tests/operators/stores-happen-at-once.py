# RUN: %python %s
"""All stores of an entry happen at its end: every value is made of what the
parameters were before, wherever their new values are made."""
import pathlib
import tempfile

import numpy as np

import model
from compare import close, finish

SOURCE = """stage typed
model m
real f64
param @A: f64[4,4]
param @B: f64[4,4]
param @C: f64[4,4]
param @D: f64[4,4]
param @E: f64[4]
func step @exchange() of exchange {
  store @A, @B
  store @B, @A
  return loss 0.0 as J
}
func step @turn() of turn {
  %n = neg @C
  store @A, @B
  store @B, @C
  store @C, %n
  return loss 0.0 as J
}
func step @square() of square {
  %s = matmul @A, @A
  %t = transpose @B {perm = (1, 0)}
  %p = softmax @C
  store @A, %s
  store @B, %t
  store @C, %p
  return loss 0.0 as J
}
func step @late() of late {
  %a = mul @A, 0.5
  %b = matmul @A, @B {b = t}
  %c = reverse @C {axes = (0)}
  %d = add @C, @D
  %l = sum %c {axes = (0, 1)}
  store @A, %a
  store @B, %b
  store @C, %d
  store @D, %c
  return loss %l as J
}
func step @rows() of rows {
  %d = add @D, @E
  %e = mul @E, 2.0
  %m = max_of @D {axes = (0)}
  %n = add %e, %m
  store @D, %d
  store @E, %n
  return loss 0.0 as J
}
"""


def softmax(x):
    e = np.exp(x)
    return e / e.sum(-1, keepdims=True)


STEPS = {
    "exchange": lambda p: {"A": p["B"], "B": p["A"]},
    "turn": lambda p: {"A": p["B"], "B": p["C"], "C": -p["C"]},
    "square": lambda p: {"A": p["A"] @ p["A"], "B": p["B"].T,
                         "C": softmax(p["C"])},
    "late": lambda p: {"A": p["A"] / 2, "B": p["A"] @ p["B"].T,
                       "C": p["C"] + p["D"], "D": p["C"][::-1]},
    "rows": lambda p: {"D": p["D"] + p["E"],
                       "E": 2 * p["E"] + p["D"].max(0)},
}
random = np.random.default_rng(8)
with tempfile.TemporaryDirectory() as folder:
    path = pathlib.Path(folder) / "m.dlir"
    path.write_text(SOURCE)
    library = model.build(folder, path)
    m = model.Model(library, "m")
    for name, step in STEPS.items():
        before = {k: random.standard_normal((4, 4) if k != "E" else 4)
                  for k in "ABCDE"}
        m.params.fill(before)
        m.call(name, {}, block=name)
        for k, v in {**before, **step(before)}.items():
            close(f"{name} {k}", m.params[k], v, 1e-14)
finish()
