"""Emitted forward code against the numpy reference, in f32 and f64.

An element may be off by `scale` (reference.py) times u, half a unit in the
last place of 1: for sums of products (8 + sqrt n) u sum|w||x|. Where the scale
is 0 the result is a copy, a choice or an integer, and must be equal. `make
check` asks for f64 without options alone.
"""
import pathlib
import tempfile

import numpy as np

import operator_module
from cases import CASES, N
from emitted import LEVEL, Library, compile_c, compiler_of, generate

UNIT = {"f32": 2.0 ** -24, "f64": 2.0 ** -53}
_CASTS = {"f32": np.float32, "f64": np.float64}


def reals(options):
    return list(UNIT)[:1] if options and LEVEL == "-O0" else list(UNIT)


def build(folder, cases, real, options, flags, level):
    """The library with REAL_CASE."""
    source = pathlib.Path(folder) / f"{real}.dlir"
    source.write_text(operator_module.forward(real, real, cases))
    c_file = generate(source, options, source.with_suffix(".c"))
    return Library(compile_c([c_file], source.with_suffix(".so"), flags,
                             level, compiler_of(real)),
                   [source.with_suffix(".h")])


def worst(library, case, real):
    """The largest error of the case in units of what is allowed."""
    values = {f"x{i}": a for i, a in enumerate(case.arrays)}
    y, scale = case.expected()
    got = library[f"{real}_{case.name}"](values, {"y": y.shape}, n=N)["y"]
    if np.issubdtype(y.dtype, np.floating):
        exact = y.astype(_CASTS[real])
        error = np.abs(got.astype(np.longdouble)
                       - np.where(scale == 0, exact, y))
    else:
        error = (got != y).astype(np.longdouble)
    allowed = scale * UNIT[real]
    ratio = np.where(error == 0, 0, error / np.where(allowed == 0, 1e-300,
                                                     allowed))
    return float(ratio.max(initial=0))


def check(*operators, options=(), flags=(), level=LEVEL,
          only=lambda case: True, times=1):
    """Compares every case of the operators; ends the program on a failure.
    Winograd's tiles may be off by some `times` more."""
    cases = [c for op in operators for c in CASES[op]
             if only(c) and not c.before("f64")]
    bad = 0
    with tempfile.TemporaryDirectory() as folder:
        libraries = {real: build(folder, cases, real, options, flags, level)
                     for real in reals(options)}
        for op in operators:
            for real, library in libraries.items():
                ratios = [(worst(library, c, real), c)
                          for c in cases if c.op == op]
                most = max(ratio for ratio, _ in ratios)
                print(f"{op} {real}: {len(ratios)} shapes, {most:.2f} of what "
                      f"is allowed")
                for ratio, c in ratios:
                    if not ratio <= times:
                        bad += 1
                        print(f"  {c.name}: {ratio:.3g} of what is allowed\n"
                              f"    {'  '.join(c.args(real))}\n"
                              f"    {c.node(real)}")
    if bad:
        raise SystemExit(f"{bad} failures")
