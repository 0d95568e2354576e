"""Emitted gradients against complex step on emitted forward code.

Im f(x + i h d) / h is the derivative of f in direction d without any
difference of nearby numbers, so it is right to the last digits; the forward
code in C99 complex never saw the differentiation pass.
Squire, Trapp, "Using complex variables to estimate derivatives of real
functions", SIAM Review 40 (1998).
"""
import math
import pathlib
import tempfile

import numpy as np

import operator_module
from cases import CASES, N
from emitted import Library, compile_c, compiler_of, generate

STEP = 1e-100
TOLERANCE = 1e-12
DIRECTIONS = 32
SHAPES = 20


def directions(shape, random):
    """Every element where they are few, else random unit vectors."""
    count = math.prod(shape)
    if count <= DIRECTIONS:
        return np.eye(count).reshape(count, *shape)
    d = random.standard_normal((DIRECTIONS, count))
    d /= np.linalg.norm(d, axis=1, keepdims=True)
    return d.reshape(DIRECTIONS, *shape)


def build(folder, cases, options=()):
    """Libraries: real with real_CASE (gradients), step with step_CASE (losses);
    the options are for the gradients."""
    folder, libraries = pathlib.Path(folder), {}
    for name, real, write, words in (
            ("real", "f64", operator_module.gradients, options),
            ("step", "c128", operator_module.losses, ())):
        source = folder / f"{name}.dlir"
        source.write_text(write(name, real, cases))
        c_file = generate(source, words, folder / f"{name}.c")
        libraries[name] = Library(
            compile_c([c_file], folder / f"{name}.so", level="-O0",
                      cc=compiler_of(real)), [folder / f"{name}.h"])
    return libraries


def worst(libraries, case):
    """The largest error of the case relative to the norm of its gradient, and
    the input it is in."""
    values = {f"x{i}": a for i, a in enumerate(case.arrays)}
    dims = [eval(d, {"N": N}) if isinstance(d, str) else d
            for d in case.result_dims()]
    values["v"] = case.random.uniform(0.5, 1.5, dims)
    wrt = [i for i, x in enumerate(case.inputs) if x.kind == "real"]
    shapes = {f"g{i}": case.arrays[i].shape for i in wrt}
    gradients = libraries["real"]["real_" + case.name](values, shapes, n=N)
    forward, found = libraries["step"]["step_" + case.name], (0.0, "")
    for i in wrt:
        x, g = case.arrays[i], gradients[f"g{i}"]
        norm = max(np.linalg.norm(g), 1e-300)
        for d in directions(x.shape, case.random):
            there = dict(values, **{f"x{i}": x + 1j * STEP * d})
            l = forward(there, {"l": ()}, n=N)["l"]
            error = abs(float(np.sum(g * d)) - float(l.imag) / STEP) / norm
            if not error <= found[0]:
                found = (error, f"x{i}")
    return found


def check(*operators, options=(), only=lambda case: True):
    """Compares every case of the operators; ends the program on a failure."""
    cases = [c for op in operators for c in CASES[op]
             if c.gradient and only(c)]
    bad = 0
    with tempfile.TemporaryDirectory() as folder:
        libraries = build(folder, cases, options)
        for op in operators:
            mine = [c for c in cases if c.op == op]
            errors = [(worst(libraries, c), c) for c in mine]
            (most, _), _ = max(errors, key=lambda e: e[0][0])
            print(f"{op}: {len(mine)} shapes, largest error {most:.1e}")
            for (error, where), c in errors:
                if not error <= TOLERANCE:
                    bad += 1
                    print(f"  {c.name}: error {error:.1e} in the gradient by "
                          f"{where}\n    {'  '.join(c.args('f64'))}\n    "
                          f"{c.node('f64')}")
            if len(mine) < SHAPES:
                bad += 1
                print(f"  fewer than {SHAPES} shapes")
    if bad:
        raise SystemExit(f"{bad} failures")
