"""Programs for --target=x86-64-amx, run in every way: by floats, by the
portable form of the tiles, by the instructions, carried out where they trap."""
import ctypes
import math
import os
import pathlib
import tempfile

import numpy as np

from emitted import DLC, LEVEL, ROOT, Library, compile_c, run
from model import Struct, _write_sizes

U = 2.0 ** -24


class Compiled:
    """Model `tiled` of the IR text."""

    def __init__(self, folder, name, text, options, flags):
        folder = pathlib.Path(folder) / name
        folder.mkdir()
        source, c_file = folder / "tiled.dlir", folder / "tiled.c"
        source.write_text(text)
        run(DLC, source, "--target=x86-64-amx", *options, "-o", c_file)
        header = c_file.with_suffix(".h")
        library = compile_c([c_file, _write_sizes(folder, header)],
                            folder / "tiled.so", flags, LEVEL)
        self.library = Library(library, [header])
        self.weights = Struct(self.library, "tiled_weights")

    def pack(self, params):
        where = [ctypes.c_void_p(a.ctypes.data)
                 for a in (params, self.weights.bytes)]
        assert self.library.c.tiled_pack(*where) == 0

    def enable(self):
        return self.library.c.tiled_enable_amx(
            ctypes.c_void_p(self.weights.bytes.ctypes.data))

    def force(self):
        """As tiled_enable_amx after success: the flag is behind all weights."""
        self.weights.bytes.view(np.int32)[-1] = 1

    def infer(self, arrays, shapes, n):
        return self.library["tiled_infer"](
            {**arrays, "w": self.weights.bytes}, shapes, n=n)


def allowed(x, w, parts):
    """Error of x @ w: that of sums in vector lanes twice, or 3 * 2^-16."""
    size = np.abs(x.astype(np.float64)) @ np.abs(w.astype(np.float64))
    units = 2 * (8 + math.sqrt(x.shape[-1]) / 2)
    return (units * U if parts == 3 else 3 * 2.0 ** -16) * size


def close(y, exact, parts):
    """Of all elements together: as float, or to 1e-5."""
    most = (5e-7 if parts == 3 else 1e-5) * np.linalg.norm(exact)
    return np.linalg.norm(y - exact) <= most


def _trap(folder):
    library = compile_c([f"{ROOT}/tests/lib/amx_trap.c"],
                        pathlib.Path(folder) / "trap.so", level="-O1")
    c = ctypes.CDLL(str(library))
    c.amx_trapped.restype = ctypes.c_long
    c.amx_trap()
    return c


def in_all_ways(text, params, arrays, shapes, n=None, options=()):
    """Results of infer by the way they were made."""
    with tempfile.TemporaryDirectory() as folder:
        emulated = Compiled(folder, "emulated", text, options,
                            ["-DEMULATE_AMX"])
        emulated.pack(params)
        found = {"floats": emulated.infer(arrays, shapes, n)}
        assert emulated.enable() == 0
        found["portable"] = emulated.infer(arrays, shapes, n)
        if os.uname().machine != "x86_64":
            return found
        traps = _trap(folder)
        real = Compiled(folder, "real", text, options, [])
        real.pack(params)
        asked = real.enable()
        assert asked in (0, 6), asked
        real.force()
        found["instructions"] = real.infer(arrays, shapes, n)
        assert asked == 0 or traps.amx_trapped() > 0
        return found
