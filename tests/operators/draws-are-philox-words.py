# RUN: %python %s
"""The draws of emitted code are the words that docs/ir.md says: Philox4x32-10
of seed, block, turn, step and stream, written down once more in numpy."""
import pathlib
import tempfile

import numpy as np

import model
from compare import close, finish
from emitted import Library, compile_c, generate

N, SEED = 5, 0x123456789abcdef0
MASK = 0xffffffff


def philox(key, counter):
    """Ten rounds on four counter words (Salmon et al. 2011, Random123)."""
    k, c = [key & MASK, key >> 32], list(counter)
    for _ in range(10):
        p, q = 0xD2511F53 * c[0], 0xCD9E8D57 * c[2]
        c = [q >> 32 ^ c[1] ^ k[0], q & MASK, p >> 32 ^ c[3] ^ k[1], p & MASK]
        k = [k[0] + 0x9E3779B9 & MASK, k[1] + 0xBB67AE85 & MASK]
    return c


def stream(key):
    h = 0xcbf29ce484222325  # FNV-1a, 64 bits
    for byte in key.encode():
        h = (h ^ byte) * 0x100000001b3 % 2 ** 64
    return h & MASK


def words(key, count, turn=0, step=0, seed=SEED):
    blocks = [philox(seed, (b, turn, step, stream(key)))
              for b in range((count + 3) // 4)]
    return np.array(blocks, dtype=np.uint64).reshape(-1) >> np.uint64(8)


def uniform(shape, key, **more):
    count = int(np.prod(shape))
    return (words(key, count, **more)[:count] * 2.0 ** -24).reshape(shape)


def randn(shape, key, **more):
    count = int(np.prod(shape))
    w = words(key, count, **more).astype(np.float64).reshape(-1, 2)
    r = np.sqrt(-2 * np.log((w[:, 0] + 1) * 2.0 ** -24))
    angle = 2 * np.pi * w[:, 1] * 2.0 ** -24
    both = np.stack([r * np.cos(angle), r * np.sin(angle)], axis=1)
    return both.reshape(-1)[:count].reshape(shape)


SOURCE = """stage typed
model m
real {real}
dim N <= 9
func @draws(%x: {real}[N]) {{
  %a = uniform {{shape = (N, 3), key = "m.a"}}
  %b = uniform {{shape = (1), key = "m.b"}}
  %c = randn {{shape = (7), key = "m.a"}}
  %d = randn {{shape = (2, N), key = "a longer.key of Größe 3"}}
  return output %a, output %b, output %c, output %d
}}
func @turns(%x: {real}[6]) {{
  %s = scan %x {{carries = 1, count = 4, emits = (0, 0)}} (%h: {real}[6], %t: i32) {{
    %u = uniform {{shape = (6), key = "q"}}
    %r = randn {{shape = (6), key = "r"}}
    %h1 = add %h, %u
    yield %h1, %u, %r
  }}
  %us = result %s {{index = 1}}
  %rs = result %s {{index = 2}}
  return output %us, output %rs
}}
"""
DRAWS = {"a": uniform((N, 3), "m.a"), "b": uniform((1,), "m.b"),
         "c": randn((7,), "m.a"), "d": randn((2, N), "a longer.key of Größe 3")}
TURNS = {"us": np.stack([uniform((6,), "q", turn=t) for t in range(4)]),
         "rs": np.stack([randn((6,), "r", turn=t) for t in range(4)])}


def check(folder, real, tolerance):
    source = folder / f"{real}.dlir"
    source.write_text(SOURCE.format(real=real))
    c_file = generate(source, [], folder / f"{real}.c")
    library = Library(compile_c([c_file], folder / f"{real}.so"),
                      [folder / f"{real}.h"])
    for name, expected, values in (("draws", DRAWS, {"x": np.zeros(N)}),
                                   ("turns", TURNS, {"x": np.zeros(6)})):
        got = library[f"m_{name}"](
            values, {k: v.shape for k, v in expected.items()}, n=N, seed=SEED)
        for k, v in expected.items():
            if not np.allclose(got[k], v, rtol=0, atol=tolerance):
                print(f"first of {k}: {got[k].flat[0]}, not {v.flat[0]}")
            exact = k in "abus"  # 24 bits fit a float
            close(f"{real} {k}", got[k], v, 0 if exact else tolerance)


# The step of a draw is the number of steps of all train blocks before it.
STEPS = """model m {
  param W : real[6] = 1.0;
  loss J = sum(dropout{0.5}(W));
  train one { minimize J; using sgd{lr = 0.0}; }
  train two { minimize 2.0 * J; using sgd{lr = 0.0}; }
}
"""


def check_steps(folder):
    source = folder / "steps.dl"
    source.write_text(STEPS)
    library = model.build(folder, source, "--real=f64", name="steps")
    m = model.Model(library, "m")
    m.init(1)
    for step, block in enumerate(("one", "two", "one", "one")):
        kept = uniform((6,), "dropout1", step=step) < 0.5
        g, values = m.call(f"{block}_gradient", {}, {"gradient": (6,)},
                           seed=SEED, block=block)
        close(f"mask in step {step}", g["gradient"] != 0, kept, 0)
        _, values = m.call(block, {}, seed=SEED, block=block)
        close(f"loss in step {step}", values["J"], kept.sum(), 0)


with tempfile.TemporaryDirectory() as name:
    check(pathlib.Path(name), "f32", 1e-7)
    check(pathlib.Path(name), "f64", 1e-15)
    check_steps(pathlib.Path(name))
finish()
