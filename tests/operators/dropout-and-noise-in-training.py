# RUN: %python %s
"""In training dropout keeps a share `keep` of the elements (divided by keep when
inverted) and noise adds a normal draw; evaluation scales and adds nothing."""
import math
import pathlib
import sys
import tempfile

import numpy as np

import model

K = 4000
SOURCE = f"""model m {{
  param W : real[{K}] ~ uniform(0.5, 1.5);
  loss plain = sum(dropout{{keep = 0.8}}(W));
  loss inverted = sum(dropout{{keep = 0.2, scale = inverted}}(W));
  loss noisy = 0.5 * sum(noise{{sigma = 0.3}}(W) ^ 2);
  train a {{ minimize plain; using sgd{{lr = 0.0}}; }}
  train b {{ minimize inverted; using sgd{{lr = 0.0}}; }}
  train c {{ minimize noisy; using sgd{{lr = 0.0}}; }}
}}
"""
bad = []


def check(what, ok):
    print(f"{what}: {'ok' if ok else 'BAD'}")
    if not ok:
        bad.append(what)


def share(what, got, expected):
    """Within five standard deviations of a share of K draws."""
    width = 5 * math.sqrt(expected * (1 - expected) / K)
    check(f"{what}: {got:.3f} kept of {expected}", abs(got - expected) < width)


with tempfile.TemporaryDirectory() as name:
    path = pathlib.Path(name) / "m.dl"
    path.write_text(SOURCE)
    m = model.Model(model.build(name, path, "--real=f64"), "m")
m.init(3)
W = m.params["W"].copy()


def gradient(block):
    g, losses = m.call(f"{block}_gradient", {}, {"gradient": (K,)}, seed=11,
                       block=block)
    return g["gradient"], losses


g, losses = gradient("a")
check("a mask of 0 and 1", set(g) == {0.0, 1.0})
share("dropout", g.mean(), 0.8)
check("its loss", abs(losses["plain"] - (g * W).sum()) < 1e-9)
g, losses = gradient("b")
check("a mask of 0 and 1 / keep", set(g) == {0.0, 5.0})
share("inverted dropout", (g != 0).mean(), 0.2)
check("its loss", abs(losses["inverted"] - (g * W).sum()) < 1e-9)
noise = gradient("c")[0] - W
check("noise has mean 0", abs(noise.mean()) < 5 * 0.3 / math.sqrt(K))
check("noise has deviation sigma",
      abs(noise.std() / 0.3 - 1) < 5 / math.sqrt(2 * K))
check("another gradient of one step draws the same", np.array_equal(
    gradient("c")[0] - W, noise))
m.call("c", {}, seed=11, block="c")
other = gradient("c")[0] - W
check("another step draws others",
      abs(np.corrcoef(noise, other)[0, 1]) < 5 / math.sqrt(K))
_, values = m.call("eval", {})
for key, expected in (("plain", 0.8 * W.sum()), ("inverted", W.sum()),
                      ("noisy", 0.5 * (W ** 2).sum())):
    check(f"{key} in eval", abs(values[key] - expected) < 1e-9)
sys.exit(bool(bad))
