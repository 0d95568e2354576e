# RUN: %python %s
"""pack_fft and conv_fft are a convolution: within (8 + sqrt n) u of the largest
sum|w||x| of a channel, with vectors of 16 and of 32 bytes, and in the
interpreter; threads, which share tiles or outputs, change no bit. `make check` does
each type at one width."""
import pathlib
import tempfile

import numpy as np

from emitted import LEVEL, Library, compile_c, compiler_of, generate
from interpret import interpret
from reference import block, conv

N = 2
WIDE = ["--target=x86-64-v3"]
UNIT = {"f32": 2.0 ** -24, "f64": 2.0 ** -53}
# x [C, H, W], outputs, size, low, high, n of the transform, v, layout of w
CASES = [
    ((1, 1, 1), 1, (3, 3), (1, 1), (1, 1), 8, 1, "oi"),
    ((5, 7, 13), 3, (5, 5), (2, 2), (2, 2), 16, 4, "oi"),
    ((3, 15, 14), 5, (5, 6), (2, 3), (2, 2), 12, 4, "io"),
    ((2, 40, 30), 2, (11, 3), (5, 1), (5, 1), 24, 2, "oi"),
    ((1, 50, 20), 1, (9, 7), (0, 0), (3, 1), 48, 1, "oi"),
    ((17, 7, 13), 5, (7, 3), (3, 1), (3, 1), 8, 8, "io"),
    ((3, 20, 9), 9, (5, 4), (0, 3), (2, 0), 8, 4, "oi"),
    ((4, 12, 40), 4, (9, 9), (4, 4), (4, 4), 32, 4, "oi"),
    ((2, 5, 4), 3, (4, 4), (5, 6), (4, 3), 64, 2, "oi"),
    ((8, 11, 10), 8, (2, 6), (-1, -2), (0, -1), 16, 8, "oi"),
    ((3, 15, 19), 9, (5, 7), (2, 3), (2, 3), 20, 4, "oi"),
    ((2, 9, 43), 3, (7, 5), (3, 2), (3, 2), 40, 2, "io"),
    ((5, 17, 19), 24, (3, 5), (1, 2), (1, 2), 32, 4, "oi"),
]
ALONE = len(CASES) - 1  # for one sample, whose only tile threads cannot share


def lines(i, real):
    x, o, size, low, high, n, v, w = CASES[i]
    first, second = (o, x[0]) if w == "oi" else (x[0], o)
    n_max = 1 if i == ALONE else "N"
    return f"""func @case_{i}(%x: {real}[{n_max},{-(-x[0] // v)},{x[1]},{x[2]},{v}],
             %w: {real}[{first},{second},{size[0]},{size[1]}]) {{
  %h = pack_fft %w {{n = {n}, v = {v}, w = {w}}}
  %y = conv_fft %x, %h {{size = {size}, low = {low}, high = {high}}}
  return %y
}}
"""


def module(real, cases):
    return (f"stage typed\nmodel {real}\nreal {real}\ndim N <= {N}\n"
            + "".join(lines(i, real) for i in cases))


def check(folder, options, real, cases=range(len(CASES))):
    source = pathlib.Path(folder) / f"{real}.dlir"
    source.write_text(module(real, cases))
    c_file = generate(source, options, source.with_suffix(".c"))
    library = Library(compile_c([c_file], source.with_suffix(".so"),
                                cc=compiler_of(real)),
                      [source.with_suffix(".h")])
    bad, made = 0, {}
    for i in cases:
        shape, o, size, low, high, n, v, w = CASES[i]
        random = np.random.default_rng(i)
        count = 1 if i == ALONE else N
        x = random.uniform(-1, 1, (count, *shape)).astype(np.float32)
        k = random.uniform(-1, 1, (o, shape[0], *size)).astype(np.float32)
        at = {"axis": 1, "size": v}
        blocked = block(at, x.astype(np.float64))[0]
        weights = (k if w == "oi" else k.transpose(1, 0, 2, 3)).copy()
        y, scale = conv(dict(low=low, high=high), x.astype(np.longdouble),
                        k.astype(np.longdouble))
        scale[:] = scale.max(axis=(0, 2, 3), keepdims=True)
        y, scale = block(at, y)[0], block(at, scale)[0]
        name = f"case_{i}"
        arrays = {"x": blocked, "w": weights.astype(np.float64)}
        size = {} if i == ALONE else {"n": N}
        results = [library[f"{real}_{name}"](arrays, {"y": y.shape}, **size)["y"]]
        made[i] = results[0].tobytes()
        if not options and real == "f64":
            results.append(interpret(source, name, arrays, {"y": y.shape},
                                     **size)["y"])
        for got in results:
            error = abs(got - y)
            ratio = (error / np.where(scale > 0, scale * UNIT[real], 1)).max()
            print(f"{real} {name} {options}: {float(ratio):.2f} of what is allowed")
            bad += not ratio <= 1
    text = c_file.read_text()
    return bad, made, ["int t = part *" in text, "int o0 = part *" in text]


with tempfile.TemporaryDirectory() as work:
    wide = check(work, WIDE, "f32")
    threads = check(work, [*WIDE, "--threads=3"], "f32", (1, 3, 6, ALONE))
    assert all(wide[1][i] == made for i, made in threads[1].items())
    assert threads[2] == [True, True]
    found = [wide, threads, check(work, [], "f64")]
    if LEVEL != "-O0":
        found += [check(work, [], "f32"), check(work, WIDE, "f64")]
raise SystemExit(sum(bad for bad, _, _ in found))
