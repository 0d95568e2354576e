# RUN: %python %s
"""A state that inference changes goes on from call to call, through infer, eval
and steps alike; every stream has its own; its next value is seen by the
next call only."""
import tempfile

import numpy as np

import model
from compare import close, finish

SOURCE = """model leaky {
  input x : real[1, 3];
  input t : real[1, 3];
  state level : real[1, 3] = 0.5;
  state calls : real = 0.0;
  next level = 0.75 * level + 0.25 * x;
  if (training) { next calls = calls + 10; } else { next calls = calls + 1; }
  param w : real[3] = 1.0;
  output y = level * w;
  output before = 1.0 * calls;
  loss J = mse(level * w, t);
  train step { minimize J; using sgd{lr = 0.5}; }
}
"""
rng = np.random.default_rng(2)
with tempfile.TemporaryDirectory() as folder:
    path = f"{folder}/leaky.dl"
    with open(path, "w") as f:
        f.write(SOURCE)
    library = model.build(folder, path, "--real=f64")
    streams = [model.Model(library, "leaky") for _ in range(2)]
    for m in streams:
        m.init(seed=1)
        level, calls = np.full((1, 3), 0.5), 0
        for entry in ("infer", "eval", "infer", "step", "infer", "eval",
                      "step_gradient"):
            x, t = rng.standard_normal((2, 1, 3))
            w = m.params["w"].copy()
            loss = np.mean((level * w - t) ** 2)
            gradient = ((level * w - t) * level)[0] * 2 / 3
            shapes = {"infer": {"y": (1, 3), "before": ()},
                      "step_gradient": {"gradient": (3,)}}.get(entry, {})
            values = {"x": x} if entry == "infer" else {"x": x, "t": t}
            out, losses = m.call(entry, values, shapes, block="step")
            if entry == "infer":
                close("y", out["y"], level * w, 1e-14)
                close("before", out["before"], np.array(calls), 1e-14)
            else:
                close(f"{entry}: J", losses["J"], loss, 1e-13)
            if entry == "step":
                close("w", m.params["w"], w - 0.5 * gradient, 1e-13)
            if entry == "step_gradient":
                close("gradient", out["gradient"], gradient, 1e-13)
            level = 0.75 * level + 0.25 * x
            calls += 10 if "step" in entry else 1
            close("level", m.memory["level"], level, 1e-14)
        m.call("state_init", {})
        close("restarted", m.memory["level"], np.full((1, 3), 0.5), 1e-15)
finish()
