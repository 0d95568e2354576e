# RUN: %python %s
"""What threads share of copies, changes of layout, maxima and sums of channels
is what one thread does, bit for bit, for parts that are not of one size."""
import pathlib
import re
import tempfile

import numpy as np

from emitted import Library, compile_c, generate
from reference import ref

# operator, attributes, shape of x
CASES = [
    ("transpose", dict(perm=(1, 0)), (301, 330)),
    ("transpose", dict(perm=(0, 2, 1)), (5, 130, 170)),
    ("transpose", dict(perm=(2, 1, 0)), (40, 50, 60)),
    ("reverse", dict(axes=(0, 1)), (7, 20000)),
    ("slice", dict(start=(1, 0), stop=(8, 19000)), (9, 20000)),
    ("block", dict(axis=1, size=4), (5, 21, 1100)),
    ("block", dict(axis=0, size=4), (29, 5000)),
    ("unblock", dict(axis=1, count=21), (5, 6, 1100, 4)),
    ("unblock", dict(axis=0, count=29), (8, 5000, 4)),
    ("maxpool", dict(size=(2, 2), stride=(2, 2)), (5, 7, 60, 58)),
    ("maxpool", dict(size=(3, 3), stride=(2, 2)), (5, 7, 60, 58)),
    ("sum", dict(axes=(0, 2)), (11, 7, 2300)),
    ("mean", dict(axes=(0, 2)), (11, 7, 530, 4)),
]


def module():
    text = "stage typed\nmodel m\nreal f32\n"
    for i, (op, at, shape) in enumerate(CASES):
        sizes = ",".join(map(str, shape))
        at = ", ".join(f"{k} = {v}" for k, v in at.items())
        text += (f"func @case_{i}(%x: f32[{sizes}]) {{\n"
                 f"  %y = {op} %x {{{at}}}\n  return output %y\n}}\n")
    return text


def results(folder, options):
    source = pathlib.Path(folder) / "m.dlir"
    source.write_text(module())
    c_file = generate(source, options, source.with_suffix(".c"))
    library = Library(compile_c([c_file], source.with_suffix(".so")),
                      [source.with_suffix(".h")])
    draw = np.random.default_rng(3)
    found = []
    for i, (op, at, shape) in enumerate(CASES):
        x = draw.standard_normal(shape).astype(np.float32)
        want = ref(op, at, [x.astype(np.float64)], 1)
        want = np.asarray(want[0] if isinstance(want, tuple) else want)
        got = library[f"m_case_{i}"]({"x": x}, {"y": want.shape})["y"]
        error = np.abs(got - want).max() / np.abs(want).max()
        assert error <= (1e-5 if op in ("sum", "mean") else 0), (op, at, error)
        found.append(np.asarray(got).tobytes())
    return found, len(re.findall(r"^ +(?:PARALLEL|SHARED)$", c_file.read_text(), re.M))


with tempfile.TemporaryDirectory() as work:
    alone, none = results(work, ["--target=generic"])
    shared, loops = results(work, ["--target=generic", "--threads=3"])
assert none == 0 and loops >= len(CASES), loops
assert alone == shared
