"""The compiler's reference interpreter on numpy arrays: float64, of the IR
before any pass."""
import os
import pathlib
import tempfile

import numpy as np

from emitted import CC, DLC, ROOT, run

HERE = pathlib.Path(__file__).parent


def build(folder):
    """Compiles interpret.c against the compiler's library."""
    built = pathlib.Path(DLC).parent
    program = pathlib.Path(folder) / "interpret"
    run(CC, "-std=c11", "-O2", f"-I{ROOT}/compiler", f"-I{built}",
        HERE / "interpret.c", built / "libdlc.a", "-lm", "-o", program)
    return program


def interpret(source, entry, arrays, shapes, *options, n=1):
    """Results by name; arrays: all inputs and parameters by name."""
    with tempfile.TemporaryDirectory() as folder:
        program = build(folder)
        ir = pathlib.Path(folder) / "model.dlir"
        ir.write_text(run(DLC, source, *options, "--emit=ir"))
        for name, a in arrays.items():
            np.asarray(a, dtype=np.float64).tofile(f"{folder}/{name}.in")
        run(program, ir, entry, n, folder)
        return {name: np.fromfile(os.path.join(folder, f"{name}.out")
                                  ).reshape(shape)
                for name, shape in shapes.items()}
