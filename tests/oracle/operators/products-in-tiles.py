# RUN: %python %s
"""Products of bf16 parts in AMX tiles have the bits that the instruction is
documented to give, by the portable C and by the instructions themselves,
carried out where they trap; six are as accurate as float, three to 2^-17. With
tiles not asked for the kernel for floats runs."""
import numpy as np

import tiles
from tiled import U, allowed, close, in_all_ways

N = 19  # the run-time size
# rows, terms, columns; 0 rows: n
PRODUCTS = [(1, 1, 1), (3, 5, 3), (91, 33, 40), (0, 70, 65), (32, 64, 32)]
IMPLS = {"bf16x6": 3, "bf16x3": 2}  # and their parts
NAMES = [f"{i}{impl}" for impl in IMPLS for i in range(len(PRODUCTS))]


def program():
    """IR with the products in both ways, the last one with a bias."""
    head = [f"stage chosen\nmodel tiled\nreal f32\ndim N <= {N}"]
    args, body, stores = [], [], []
    for i, (m, k, n) in enumerate(PRODUCTS):
        rows, shape = m or "N", f"f32[{-(-n // 32)},{k},32]"
        head.append(f"param @p{i}: {shape}\nweight @w{i}: {shape}")
        args.append(f"%x{i}: f32[{rows},{k}]")
        bias, fused = (", %bias", ', fused = "$0 + $1", own = 2, masks = (2)') \
            if i == len(PRODUCTS) - 1 else ("", "")
        body += [f"  %y{i}{impl} = matmul_panels %x{i}, @w{i}{bias} {{columns "
                 f"= {n}, impl = {impl}{fused}}} : f32[{rows},{n}]"
                 for impl in IMPLS]
        stores.append(f"  store @w{i}, @p{i}")
    args.append(f"%bias: f32[{PRODUCTS[-1][2]}]")
    results = ", ".join(f"output %y{name}" for name in NAMES)
    return "\n".join([*head, f"func infer @infer({', '.join(args)}) {{", *body,
                      f"  return {results}", "}",
                      "func pack @pack() {", *stores, "}", ""])


def panels(w):
    """A matrix as matmul_panels reads it; behind its columns what must not
    count."""
    k, n = w.shape
    wide = np.full((k, -(-n // 32) * 32), np.float32(7.5))
    wide[:, :n] = w
    return wide.reshape(k, -1, 32).transpose(1, 0, 2)


def check_reference(rng):
    """The reference itself against rational numbers, on some sums."""
    for _ in range(8):
        a, b = rng.standard_normal((2, 32)).astype(np.float32)
        a, b = (tiles.split(v, 1, True)[0] for v in (a, b))
        c = np.float32(rng.standard_normal())
        got = tiles.step(np.full((1, 1), c), a[None], b[:, None])[0, 0]
        assert got == tiles.exact_step(c, a, b), (got, c, a, b)


def operands(rng):
    """Normal numbers; some close to the least and to the largest float."""
    xs = [rng.standard_normal((m or N, k)).astype(np.float32)
          for m, k, _ in PRODUCTS]
    ws = [rng.standard_normal((k, n)).astype(np.float32)
          for _, k, n in PRODUCTS]
    xs[3][3] *= np.float32(1e-30)
    xs[3][5] *= np.float32(1e-36)
    ws[3][:, 2] *= np.float32(1e30)
    xs[2][:, 0] *= np.float32(0.1)
    ws[2][0, 0] = np.float32(3.4028235e38)
    return xs, ws, rng.standard_normal(PRODUCTS[-1][2]).astype(np.float32)


def scale(y):
    """Columns apart: one holds the largest floats."""
    return np.abs(y).max(axis=0)


def check(impl, name, results, xs, ws, bias):
    """`name` ways must have the bits of the reference; errors are bounded."""
    parts = IMPLS[impl]
    for i, (x, w) in enumerate(zip(xs, ws)):
        y = results[f"y{i}{impl}"]
        end = bias if i == len(ws) - 1 else np.float32(0)
        exact = x.astype(np.float64) @ w.astype(np.float64) + end
        same = np.array_equal(y, tiles.product(x, w, parts) + end)
        assert same == (name != "floats") or x.size < 100, (name, impl, i)
        # parts below the least normal number are lost: docs/internals.md
        lost = 2.0 ** -122 * x.shape[1] * (
            1 + np.abs(x).max() + np.abs(w).max(axis=0))
        bound = allowed(x, w, parts if same else 3) + U * np.abs(exact) + lost
        assert (np.abs(y - exact) <= bound).all(), (name, impl, i)
        assert close(y / scale(exact), exact / scale(exact), parts), (name, i)


def main():
    rng = np.random.default_rng(5)
    check_reference(rng)
    xs, ws, bias = operands(rng)
    arrays = {**{f"x{i}": x for i, x in enumerate(xs)}, "bias": bias}
    shapes = [(m or N, n) for m, _, n in PRODUCTS] * 2
    params = np.concatenate([panels(w).ravel() for w in ws])
    found = in_all_ways(program(), params, arrays,
                        {f"y{name}": s for name, s in zip(NAMES, shapes)}, N)
    for name, results in found.items():
        for impl in IMPLS:
            check(impl, name, results, xs, ws, bias)
    print(f"{len(NAMES)} products: {', '.join(found)}")


main()
