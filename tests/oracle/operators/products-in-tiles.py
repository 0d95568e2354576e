# RUN: %python %s
"""Products of bf16 parts in AMX tiles have the bits that the instruction is
documented to give, by the portable C and by the instructions themselves,
carried out where they trap; six are as accurate as float, three to 2^-17. With
tiles not asked for the kernel for floats runs."""
import ctypes
import math
import os
import pathlib
import tempfile

import numpy as np

import tiles
from emitted import DLC, LEVEL, ROOT, Library, compile_c, run
from model import Struct, _write_sizes

U = 2.0 ** -24
N = 19  # the run-time size
# rows, terms, columns; 0 rows: n
PRODUCTS = [(1, 1, 1), (3, 5, 3), (91, 33, 40), (0, 70, 65), (32, 64, 32)]
IMPLS = {"bf16x6": 3, "bf16x3": 2}  # and their parts
NAMES = [f"{i}{impl}" for impl in IMPLS for i in range(len(PRODUCTS))]


def program():
    """IR with the products in both ways, the last one with a bias."""
    head = [f"stage chosen\nmodel tiles\nreal f32\ndim N <= {N}"]
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


class Compiled:
    def __init__(self, folder, name, flags):
        folder = pathlib.Path(folder) / name
        folder.mkdir()
        source, c_file = folder / "tiles.dlir", folder / "tiles.c"
        source.write_text(program())
        run(DLC, source, "--target=x86-64-amx", "-o", c_file)
        header = c_file.with_suffix(".h")
        library = compile_c([c_file, _write_sizes(folder, header)],
                            folder / "tiles.so", flags, LEVEL)
        self.library = Library(library, [header])
        self.weights = Struct(self.library, "tiles_weights")

    def pack(self, params):
        where = [ctypes.c_void_p(a.ctypes.data)
                 for a in (params, self.weights.bytes)]
        assert self.library.c.tiles_pack(*where) == 0

    def enable(self):
        return self.library.c.tiles_enable_amx(
            ctypes.c_void_p(self.weights.bytes.ctypes.data))

    def force(self):
        """As NAME_enable_amx after success: the flag is behind all weights."""
        self.weights.bytes.view(np.int32)[-1] = 1

    def infer(self, arrays):
        """Results by implementation."""
        sizes = [(m or N, n) for m, _, n in PRODUCTS] * 2
        got = self.library["tiles_infer"](
            {**arrays, "w": self.weights.bytes},
            {f"y{name}": size for name, size in zip(NAMES, sizes)}, n=N)
        return {impl: [got[f"y{i}{impl}"] for i in range(len(PRODUCTS))]
                for impl in IMPLS}


def allowed(x, w, parts):
    """Each element's error: direct convolution's bound twice, or 2^-15."""
    size = np.abs(x.astype(np.float64)) @ np.abs(w.astype(np.float64))
    units = 2 * (8 + math.sqrt(x.shape[1]) / 2)
    return (units * U if parts == 3 else 3 * 2.0 ** -16) * size


def trap(folder):
    library = compile_c([f"{ROOT}/tests/lib/amx_trap.c"],
                        pathlib.Path(folder) / "trap.so", level="-O1")
    c = ctypes.CDLL(str(library))
    c.amx_trapped.restype = ctypes.c_long
    c.amx_trap()
    return c


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


def check_bits(found, xs, ws, bias):
    """`found`: results by implementation, by the way they were made."""
    for impl, parts in IMPLS.items():
        for i, (x, w) in enumerate(zip(xs, ws)):
            end = bias if i == len(ws) - 1 else np.float32(0)
            want = tiles.product(x, w, parts) + end
            for name, ys in found.items():
                assert np.array_equal(ys[impl][i], want), (name, impl, i)


def check_errors(results, xs, ws, bias, parts):
    for i, (x, w) in enumerate(zip(xs, ws)):
        end = bias if i == len(ws) - 1 else np.float32(0)
        exact = x.astype(np.float64) @ w.astype(np.float64) + end
        # parts below the least normal number are lost: docs/internals.md
        lost = 2.0 ** -122 * x.shape[1] * (
            1 + np.abs(x).max() + np.abs(w).max(axis=0))
        bound = allowed(x, w, parts) + U * np.abs(exact) + lost
        assert (np.abs(results[i] - exact) <= bound).all(), (parts, i)


def main():
    rng = np.random.default_rng(5)
    check_reference(rng)
    xs, ws, bias = operands(rng)
    arrays = {**{f"x{i}": x for i, x in enumerate(xs)}, "bias": bias}
    params = np.concatenate([panels(w).ravel() for w in ws])
    with tempfile.TemporaryDirectory() as folder:
        emulated = Compiled(folder, "emulated", ["-DEMULATE_AMX"])
        emulated.pack(params)
        plain = emulated.infer(arrays)
        assert emulated.enable() == 0
        found = {"emulated": emulated.infer(arrays)}
        if os.uname().machine == "x86_64":
            traps = trap(folder)
            real = Compiled(folder, "real", [])
            real.pack(params)
            asked = real.enable()
            assert asked in (0, 6), asked
            real.force()
            found["instructions"] = real.infer(arrays)
            assert asked == 0 or traps.amx_trapped() > 0
    check_bits(found, xs, ws, bias)
    for impl, parts in IMPLS.items():
        check_errors(found["emulated"][impl], xs, ws, bias, parts)
        check_errors(plain[impl], xs, ws, bias, 3)
        assert not np.array_equal(plain[impl][2], found["emulated"][impl][2])
    print(f"{len(NAMES)} products, {', '.join(found)}")


main()
