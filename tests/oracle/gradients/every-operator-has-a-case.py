# RUN: %python %s
"""Every operator that `dlc --list=operators` shows has gradient cases, or a
reason here why it has no gradient; and reasons are given for nothing else."""
import sys

import cases_elementwise  # noqa: F401
import cases_formulas  # noqa: F401
import cases_moving  # noqa: F401
import cases_reducing  # noqa: F401
import cases_scan  # noqa: F401
import cases_window  # noqa: F401
from cases import CASES
from complex_step import SHAPES
from emitted import DLC, run

NO_GRADIENT = {
    "arg": "a leaf", "const": "a leaf", "input": "a leaf", "param": "a leaf",
    "iter": "a count", "extent": "a count", "uniform": "a draw",
    "randn": "a draw", "onehot": "of integers", "real": "of integers",
    "argmax": "an integer", "int": "an integer",
    "lt": "true or false", "le": "true or false", "eq": "true or false",
    "ne": "true or false", "and": "true or false", "or": "true or false",
    "not": "true or false", "stop": "none, by its meaning",
    "conv_blocked": "made after differentiation",
    "matmul_panels": "made after differentiation",
    "pack_blocked": "made after differentiation",
    "phases": "made after differentiation",
    "conv_depthwise": "made after differentiation",
    "conv_fft": "made after differentiation",
    "pack_fft": "made after differentiation",
    "conv_fft1": "made after differentiation",
    "pack_fft1": "made after differentiation",
    "conv_winograd": "made after differentiation",
    "pack_winograd": "made after differentiation",
    "map": "made after differentiation",
    "result": "part of scan",
}


def missing(operators):
    """What is wrong with the table of cases, one line each."""
    for op in operators:
        shapes = len([c for c in CASES.get(op, []) if c.gradient])
        if op in NO_GRADIENT and shapes:
            yield f"{op}: has cases, but also a reason to have none"
        elif op not in NO_GRADIENT and shapes < SHAPES:
            yield f"{op}: {shapes} cases, {SHAPES} are needed"
    for op in set(NO_GRADIENT) - set(operators):
        yield f"{op}: not an operator"


listed = [line.split("(")[0] for line in
          run(DLC, "--list=operators").splitlines()]
problems = list(missing(listed))
assert "fake: 0 cases, 20 are needed" in missing(listed + ["fake"])
print("\n".join(problems))
sys.exit(bool(problems))
