# RUN: %python %s
"""pack_fft1 and conv_fft1 are a convolution: within (8 + sqrt n) u of the
largest sum|w||x| of a channel, with vectors of 16 and of 32 bytes, and in the
interpreter; threads change no bit."""
import pathlib
import tempfile

import numpy as np

from emitted import Library, compile_c, compiler_of, generate
from interpret import interpret
from reference import conv

N = 3
UNIT = {"f32": 2.0 ** -24, "f64": 2.0 ** -53}
# x [C, T], outputs, taps, low, high, n of the transform, groups, layout of w
CASES = [
    ((1, 700), 1, 33, 0, 0, 64, 1, "oi"),
    ((3, 131), 5, 17, 8, 9, 128, 1, "io"),
    ((6, 90), 4, 30, 29, 40, 256, 2, "oi"),
    ((5, 37), 5, 9, -3, -2, 64, 5, "oi"),
    ((1, 50), 2, 1, 60, 7, 2048, 1, "oi"),
]


def lines(i, real):
    (c, t), o, k, low, high, n, groups, w = CASES[i]
    first, second = (o, c // groups) if w == "oi" else (c, o)
    return f"""func @case_{i}(%x: {real}[N,{c},{t}], %w: {real}[{first},{second},{k}]) {{
  %h = pack_fft1 %w {{n = {n}, w = {w}}}
  %y = conv_fft1 %x, %h {{size = {k}, low = {low}, high = {high}, groups = {groups}}}
  return %y
}}
"""


def check(folder, options, real):
    source = pathlib.Path(folder) / f"{real}.dlir"
    source.write_text(f"stage typed\nmodel {real}\nreal {real}\n"
                      f"dim N <= {N}\n"
                      + "".join(lines(i, real) for i in range(len(CASES))))
    c_file = generate(source, options, source.with_suffix(".c"))
    library = Library(compile_c([c_file], source.with_suffix(".so"),
                                level="-O0", cc=compiler_of(real)),
                      [source.with_suffix(".h")])
    random = np.random.default_rng(7)
    bad, made = 0, b""
    for i, ((c, t), o, k, low, high, n, groups, w) in enumerate(CASES):
        x = random.uniform(-1, 1, (N, c, t)).astype(np.float32)
        weights = random.uniform(-1, 1, (o, c // groups, k)).astype(np.float32)
        y, scale = conv(dict(low=(low,), high=(high,), groups=groups),
                        x.astype(np.longdouble), weights.astype(np.longdouble))
        scale[:] = scale.max(axis=(0, 2), keepdims=True)
        name = f"case_{i}"
        stored = weights if w == "oi" else weights.transpose(1, 0, 2).copy()
        arrays = {"x": x.astype(np.float64), "w": stored.astype(np.float64)}
        results = [library[f"{real}_{name}"](arrays, {"y": y.shape}, n=N)["y"]]
        made += np.asarray(results[0]).tobytes()
        if not options and real == "f64" and i == 3:
            results.append(interpret(source, name, arrays, {"y": y.shape},
                                     n=N)["y"])
        for got in results:
            error = abs(got - y)
            ratio = (error / np.where(scale > 0, scale * UNIT[real], 1)).max()
            print(f"{real} {name} {options}: {float(ratio):.2f} of what is allowed")
            bad += not ratio <= 1
    return bad, made, c_file.read_text().count("for (int part")


with tempfile.TemporaryDirectory() as work:
    found = [check(work, options, real) for real, options in (
        ("f32", []), ("f32", ["--threads=3"]), ("f64", []),
        ("f32", ["--target=x86-64-v3"]))]
assert found[1][1] == found[0][1] and found[1][2] > found[0][2]
raise SystemExit(sum(bad for bad, _, _ in found))
