# RUN: %python %s
"""Emitted scans compute what a loop in numpy does: carries that take each
other's values, sequences and stacks along any axis, the turn, values from
outside, scans inside of scans, the run-time size, turns backwards."""
import pathlib
import tempfile

import numpy as np

from compare import close, finish
from emitted import Library, compile_c, generate

# A carry that is another's present value, in both directions; a delay line.
EXCHANGE = """
func @exchange(%a0: f64[3], %b0: f64[3], %x: f64[5,3]) {
  %s = scan %a0, %b0, %x {carries = 2, along = (0), count = 5, emits = (0)} (%a: f64[3], %b: f64[3], %xt: f64[3], %t: i32) {
    %d = sub %a, %b
    %y = mul %d, %xt
    yield %b, %a, %y
  }
  %a1 = result %s {index = 0}
  %b1 = result %s {index = 1}
  %ys = result %s {index = 2}
  return output %a1, output %b1, output %ys
}
func @delay(%a0: f64[3], %b0: f64[3], %c0: f64[3], %x: f64[5,3]) {
  %s = scan %a0, %b0, %c0, %x {carries = 3, along = (0), count = 5} (%a: f64[3], %b: f64[3], %c: f64[3], %xt: f64[3], %t: i32) {
    %n = mul %xt, 2.0
    yield %n, %a, %b
  }
  %a1 = result %s {index = 0}
  %b1 = result %s {index = 1}
  %c1 = result %s {index = 2}
  return output %a1, output %b1, output %c1
}
func @backward(%a0: f64[3], %b0: f64[3], %c0: f64[3], %x: f64[5,3]) {
  %s = scan %a0, %b0, %c0, %x {carries = 3, along = (0), count = 5} (%a: f64[3], %b: f64[3], %c: f64[3], %xt: f64[3], %t: i32) {
    yield %b, %c, %xt
  }
  %a1 = result %s {index = 0}
  %b1 = result %s {index = 1}
  %c1 = result %s {index = 2}
  return output %a1, output %b1, output %c1
}
"""


def exchange(a0, b0, x):
    a, b, ys = a0, b0, []
    for xt in x:
        ys.append((a - b) * xt)
        a, b = b, a
    return {"a1": a, "b1": b, "ys": np.stack(ys)}


def delay(a0, b0, c0, x):
    a, b, c = a0, b0, c0
    for xt in x:
        a, b, c = 2 * xt, a, b
    return {"a1": a, "b1": b, "c1": c}


def backward(a0, b0, c0, x):
    a, b, c = a0, b0, c0
    for xt in x:
        a, b, c = b, c, xt
    return {"a1": a, "b1": b, "c1": c}


# A recurrent layer: x is cut and states are stacked along axis 1; %w and %e
# come from outside, %e is read after the loop too.
RECURRENT = """
func @recurrent(%h0: f64[N,4], %x: f64[N,6,3], %w: f64[4,3], %u: f64[4,4]) {
  %e = exp %u
  %s = scan %h0, %x {carries = 1, along = (1), count = 6, emits = (1, 0)} (%h: f64[N,4], %xt: f64[N,3], %t: i32) {
    %p = matmul %xt, %w {b = t}
    %q = matmul %h, %e {b = t}
    %z = add %p, %q
    %h1 = tanh %z
    %m = mean %h1 {axes = (0, 1)}
    yield %h1, %h1, %m
  }
  %last = result %s {index = 0}
  %hs = result %s {index = 1}
  %ms = result %s {index = 2}
  %k = add %e, 1.0
  return output %last, output %hs, output %ms, output %k
}
"""


def recurrent(h0, x, w, u):
    h, e, hs = h0, np.exp(u), []
    for t in range(6):
        h = np.tanh(x[:, t] @ w.T + h @ e.T)
        hs.append(h)
    return {"last": h, "hs": np.stack(hs, 1),
            "ms": np.array([h.mean() for h in hs]), "k": e + 1}


# Scalars, the turn, a run-time count, a stack along the last axis.
TURNS = """
func @turns(%a0: f64, %x: f64[N,2]) {
  %s = scan %a0, %x {carries = 1, along = (0), count = (N), emits = (1)} (%a: f64, %xt: f64[2], %t: i32) {
    %r = real %t
    %b = mul %a, 0.5
    %c = add %b, %r
    %y = mul %xt, %c
    yield %c, %y
  }
  %last = result %s {index = 0}
  %ys = result %s {index = 1}
  return output %last, output %ys
}
"""


def turns(a0, x):
    a, ys = a0, []
    for t, xt in enumerate(x):
        a = 0.5 * a + t
        ys.append(xt * a)
    return {"last": a, "ys": np.stack(ys, 1)}


# A scan inside of a scan: both carry, the inner one reads the outer's turn.
NESTED = """
func @nested(%a0: f64[2], %x: f64[3,4,2]) {
  %s = scan %a0, %x {carries = 1, along = (0), count = 3, emits = (0)} (%a: f64[2], %xt: f64[4,2], %t: i32) {
    %r = real %t
    %i = scan %a, %xt {carries = 1, along = (0), count = 4, emits = (0)} (%b: f64[2], %xu: f64[2], %u: i32) {
      %v = mul %b, %xu
      %w = add %v, %r
      yield %w, %b
    }
    %end = result %i {index = 0}
    %all = result %i {index = 1}
    %m = sum %all {axes = (0)}
    yield %end, %m
  }
  %a1 = result %s {index = 0}
  %ms = result %s {index = 1}
  return output %a1, output %ms
}
"""


def nested(a0, x):
    a, ms = a0, []
    for t in range(3):
        total = 0
        for u in range(4):
            total = total + a
            a = a * x[t, u] + t
        ms.append(total)
    return {"a1": a, "ms": np.stack(ms)}


# Turns from the last to the first; cuts and stacks stay where they are.
REVERSED = """
func @reversed(%a0: f64[3], %x: f64[N,3]) {
  %s = scan %a0, %x {carries = 1, along = (0), count = (N), emits = (0), order = backward} (%a: f64[3], %xt: f64[3], %t: i32) {
    %r = real %t
    %b = mul %a, %xt
    %c = add %b, %r
    yield %c, %a
  }
  %a1 = result %s {index = 0}
  %as = result %s {index = 1}
  return output %a1, output %as
}
"""


def reversed_turns(a0, x):
    a, all_a = a0, np.zeros_like(x)
    for t in range(len(x) - 1, -1, -1):
        all_a[t] = a
        a = a * x[t] + t
    return {"a1": a, "as": all_a}


reversed_turns.__name__ = "reversed"

CASES = [  # function, sizes of its inputs
    (exchange, [(3,), (3,), (5, 3)]),
    (delay, [(3,), (3,), (3,), (5, 3)]),
    (backward, [(3,), (3,), (3,), (5, 3)]),
    (recurrent, [(5, 4), (5, 6, 3), (4, 3), (4, 4)]),
    (turns, [(), (5, 2)]),
    (nested, [(2,), (3, 4, 2)]),
    (reversed_turns, [(3,), (5, 3)]),
]
source = "stage typed\nmodel m\nreal f64\ndim N <= 7\n" + EXCHANGE + RECURRENT \
    + TURNS + NESTED + REVERSED
random = np.random.default_rng(4)
with tempfile.TemporaryDirectory() as folder:
    folder = pathlib.Path(folder)
    (folder / "m.dlir").write_text(source)
    for options in ([], ["--disable=fold,cse,collapse,dce"]):
        c_file = generate(folder / "m.dlir", options, folder / "m.c")
        library = Library(
            compile_c([c_file], folder / f"m{len(options)}.so"),
            [folder / "m.h"])
        for function, shapes in CASES:
            f = library[f"m_{function.__name__}"]
            inputs = [random.standard_normal(s) for s in shapes]
            names = [a.name for a in f.arguments if a.name.startswith("in_")]
            expected = function(*inputs)
            got = f(dict(zip(names, inputs)),
                    {k: np.shape(v) for k, v in expected.items()}, n=5)
            for k, v in expected.items():
                close(f"{function.__name__} {k} {' '.join(options)}", got[k],
                      v, 1e-14)
finish()
