# RUN: %python %s
"""Convolutions of bf16 parts in AMX tiles have the bits of the products of
their windows, at odd sizes, strides, dilations and over one axis."""
import numpy as np

import tiles
from tiled import allowed, close, in_all_ways

N = 2  # the run-time size
# samples (0: n), channels, cells, outputs, window, stride, border, dilation
CASES = [(1, 1, (1, 1), 1, (1, 1), 1, 0, 1),
         (0, 17, (7, 13), 16, (2, 3), 1, 1, 1),
         (1, 3, (7, 13), 5, (3, 3), 3, 1, 1),
         (1, 33, (5, 6), 17, (3, 3), 1, 2, 2),
         (1, 48, (7, 5), 33, (1, 1), 2, 0, 1),
         (1, 5, (40,), 3, (4,), 2, 1, 1),
         (1, 96, (3, 4), 32, (2, 2), 1, 0, 1)]
GROUPS = [1] * 6 + [2]
PARTS = {"bf16x6": 3, "bf16x3": 2}


def impls(case):
    return ["bf16x6"] if case % 2 else list(PARTS)


def results(cells, window, stride, border, dilation):
    return tuple((c + 2 * border - dilation * (w - 1) - 1) // stride + 1
                 for c, w in zip(cells, window))


def program():
    head, args, body = ["stage typed\nmodel tiled\nreal f32\n"
                        f"dim N <= {N}"], [], []
    for i, (b, c, cells, o, window, *at) in enumerate(CASES):
        b, axes = b or "N", len(cells)
        sizes, shape, out = (",".join(map(str, v)) for v in (
            cells, window, results(cells, window, *at)))
        stride, low, dilate = (", ".join([str(v)] * axes) for v in at)
        args.append(f"%x{i}: f32[{b},{c},{sizes}]")
        head.append(f"param @w{i}: f32[{o},{c // GROUPS[i]},{shape}]")
        body += [f"  %c{i}{impl} = conv %x{i}, @w{i} {{stride = ({stride}), "
                 f"low = ({low}), high = ({low}), dilate = ({dilate}), groups "
                 f"= {GROUPS[i]}, algo = {impl}}} : f32[{b},{o},{out}]\n"
                 f"  %y{i}{impl} = relu %c{i}{impl} : f32[{b},{o},{out}]"
                 for impl in impls(i)]
    outputs = ", ".join(f"output %y{i}{impl}" for i in range(len(CASES))
                        for impl in impls(i))
    return "\n".join([*head, f"func infer @infer({', '.join(args)}) {{", *body,
                      f"  return {outputs}", "}", ""])


def windows(x, window, stride, border, dilation):
    """[samples, places, 32 terms for each block of channels and cell]."""
    n = len(window)
    x = np.pad(x, ((0, 0), (0, -x.shape[1] % 32), *([(border,) * 2] * n)))
    span = [dilation * (w - 1) + 1 for w in window]
    seen = np.lib.stride_tricks.sliding_window_view(
        x, span, tuple(range(2, 2 + n)))
    seen = seen[(slice(None), slice(None), *[slice(None, None, stride)] * n,
                 *[slice(None, None, dilation)] * n)]
    places, cells = int(np.prod(seen.shape[2:2 + n])), int(np.prod(window))
    seen = seen.reshape(x.shape[0], -1, 32, places, cells)
    return seen.transpose(0, 3, 1, 4, 2).reshape(x.shape[0], places, -1)


def matrix(w):
    """The weights as the columns of a matrix that goes with windows()."""
    o, cells = w.shape[0], int(np.prod(w.shape[2:]))
    w = w.reshape(o, w.shape[1], cells)
    w = np.pad(w, ((0, 0), (0, -w.shape[1] % 32), (0, 0)))
    return w.reshape(o, -1, 32, cells).transpose(0, 1, 3, 2).reshape(o, -1).T


def check(i, x, w, found):
    pairs = [(windows(part, CASES[i][4], *CASES[i][5:]), matrix(filters))
             for part, filters in zip(np.split(x, GROUPS[i], 1),
                                      np.split(w, GROUPS[i]))]
    exact = np.maximum(np.concatenate(
        [a.astype(np.float64) @ b.astype(np.float64) for a, b in pairs], 2), 0)
    for impl in impls(i):
        parts = PARTS[impl]
        want = np.concatenate([np.stack([tiles.product(m, b, parts)
                                         for m in a]) for a, b in pairs], 2)
        for name, results in found.items():
            y = results[f"y{i}{impl}"].reshape(len(x), len(w), -1)
            y = y.transpose(0, 2, 1)
            same = np.array_equal(y, np.maximum(want, 0))
            assert same == (name != "floats") or x.size < 300, (name, impl, i)
            bound = np.concatenate([allowed(a, b, parts if same else 3)
                                    for a, b in pairs], 2)
            assert (np.abs(y - exact) <= bound).all(), (name, impl, i)
            assert close(y, exact, parts), (name, impl, i)


def main():
    rng = np.random.default_rng(6)
    xs = [rng.standard_normal((b or N, c, *cells)).astype(np.float32)
          for b, c, cells, *_ in CASES]
    ws = [rng.standard_normal((o, c // g, *window)).astype(np.float32)
          for (_, c, _, o, window, *_), g in zip(CASES, GROUPS)]
    shapes = {f"y{i}{impl}": (len(x), case[3], *results(case[2], *case[4:]))
              for i, (x, case) in enumerate(zip(xs, CASES))
              for impl in impls(i)}
    found = in_all_ways(program(), np.concatenate([w.ravel() for w in ws]),
                        {f"x{i}": x for i, x in enumerate(xs)}, shapes, N,
                        ["--math=bf16x3", "--threads=2"])
    for i, (x, w) in enumerate(zip(xs, ws)):
        check(i, x, w, found)
    print(f"{len(shapes)} convolutions: {', '.join(found)}")


main()
