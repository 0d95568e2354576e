"""The cases of the operator tests: each operator at 20 shapes or more.

CASES[operator] is a list of Case; the case files fill it. Sizes are ints, or
text with the run-time size N. Data keeps away from kinks and ties by the
domain an input is given:
    smooth    -2 .. 2
    positive  0.3 .. 2
    away      at least 0.2 from 0
    distinct  no two elements equal, nor close to each other
    fraction  at least 0.1 from integers
    even odd  odd multiples of 0.05: `even` never meets `odd`
    unit      0.5 .. 1.5 with a sign, so that products stay of one size
    whole     small integers, as reals; many are equal
    high low  within 2 of 1000, of -1000: exp overflows, or is 0
"""
import zlib

import numpy as np

from reference import ref

CASES = {}
BOUND = 7  # N <= BOUND
N = 5      # N at run time


class Input:
    def __init__(self, kind, dims, domain=None, bound=0):
        self.kind, self.dims = kind, dims
        self.domain, self.bound = domain, bound

    def shape(self, n=N):
        return [eval(d, {"N": n}) if isinstance(d, str) else d
                for d in self.dims]

    def type(self, real):
        """As the IR text writes it, `real` being f32, f64 or c128."""
        elem = {"real": real, "bool": "bool", "int":
                f"i32<{self.bound}>" if self.bound else "i32"}[self.kind]
        dims = ",".join(map(str, self.dims))
        return f"{elem}[{dims}]" if dims else elem

    def data(self, random, n=N):
        shape = self.shape(n)
        count = int(np.prod(shape))
        if self.kind == "bool":
            return random.random(shape) < 0.5
        if self.kind == "int":
            low, high = (0, self.bound) if self.bound else (-9, 9)
            return random.integers(low, high, shape).astype(np.int32)
        u = random.random(shape)
        sign = np.where(random.random(shape) < 0.5, -1.0, 1.0)
        steps = random.integers(-20, 20, shape)
        return {
            "smooth": lambda: 4 * u - 2,
            "positive": lambda: 0.3 + 1.7 * u,
            "away": lambda: sign * (0.2 + 1.8 * u),
            "distinct": lambda: ((random.permutation(count) + 0.3) * 4 / count
                                 - 2).reshape(shape),
            "fraction": lambda: steps + 0.1 + 0.8 * u,
            "even": lambda: 0.1 * steps,
            "odd": lambda: 0.1 * steps + 0.05,
            "unit": lambda: sign * (0.5 + u),
            "whole": lambda: np.floor(steps / 8),
            "high": lambda: 1000 + (4 * u - 2),
            "low": lambda: -1000 + (4 * u - 2),
        }[self.domain]()


def real(*dims, data="smooth"):
    return Input("real", dims, data)


def integer(*dims, bound=0):
    return Input("int", dims, bound=bound)


def truth(*dims):
    return Input("bool", dims)


def _attribute(v):
    if isinstance(v, (tuple, list)):
        return "(" + ", ".join(map(_attribute, v)) + ")"
    return repr(v) if isinstance(v, float) else str(v)


class Case:
    """%y = op inputs {attributes}; a number among the inputs is a constant."""

    def __init__(self, op, inputs, attributes, gradient):
        self.op, self.operands, self.at = op, inputs, attributes
        self.inputs = [x for x in inputs if isinstance(x, Input)]
        self.gradient = gradient
        self.name = f"{op}_{len(CASES.get(op, []))}"
        # One point for all tests: what f32 can hold, in every precision.
        random = np.random.default_rng(zlib.crc32(self.name.encode()))
        self.arrays = [x.data(random) for x in self.inputs]
        self.arrays = [a.astype(np.float32).astype(np.float64)
                       if a.dtype == np.float64 else a for a in self.arrays]
        self.random, self.known = random, {}

    def names(self):
        return [f"x{i}" for i in range(len(self.inputs))]

    def before(self, real):
        """IR lines in front of the node."""
        return []

    def uses_n(self):
        sizes = [d for x in self.inputs for d in x.dims]
        for v in self.at.values():
            sizes += v if isinstance(v, (tuple, list)) else []
        return any(isinstance(d, str) for d in sizes)

    def args(self, real):
        return [f"%{name}: {x.type(real)}"
                for name, x in zip(self.names(), self.inputs)]

    def node(self, real):
        names = iter(self.names())
        operands = [f"%{next(names)}" if isinstance(x, Input) else
                    _attribute(x) for x in self.operands]
        at = ", ".join(f"{k} = {_attribute(v)}" for k, v in self.at.items())
        text = f"%y = {self.op} {', '.join(operands)}"
        text += f" {{{at}}}" if at else ""
        if self.op == "const":  # the one operator that cannot tell its type
            dims = ",".join(map(str, self.at["shape"]))
            text += f" : {real}[{dims}]"
        return text

    def expected(self, n=N):
        """(y, scale) of reference.ref; zeros when n is not the usual one."""
        if n not in self.known:
            self.known[n] = self.reference(n)
        return self.known[n]

    def reference(self, n):
        arrays = self.arrays if n == N else [
            np.zeros(x.shape(n), dtype=a.dtype)
            for x, a in zip(self.inputs, self.arrays)]
        arrays = iter([a.astype(np.int64) if a.dtype == np.int32 else a
                       for a in arrays])
        operands = [next(arrays) if isinstance(x, Input) else np.asarray(x)
                    for x in self.operands]
        return ref(self.op, self.at, operands, n)

    def result_dims(self):
        """Sizes of the result as IR text: compares the shapes at two n."""
        shape = self.expected()[0].shape
        if not self.uses_n():
            return list(shape)
        with np.errstate(all="ignore"):
            other = self.expected(N + 1)[0].shape
        dims = []
        for a, b in zip(shape, other):
            k, c = b - a, a - (b - a) * N
            text = "N" if k == 1 else f"{k}*N"
            text += f"{c:+d}" if c else ""
            dims.append(text if k else a)
        return dims


def case(op, *inputs, gradient=True, **attributes):
    CASES.setdefault(op, []).append(Case(op, inputs, attributes, gradient))


class Formula(Case):
    """IR lines that end with %y, a value of the shape of input 0; `op` is the
    operator it is a test of. For gradients only."""

    def __init__(self, op, lines, *inputs):
        super().__init__(op, inputs, {}, True)
        self.lines = lines

    def before(self, real):
        return self.lines[:-1]

    def node(self, real):
        return self.lines[-1]

    def result_dims(self):
        return self.inputs[0].dims


def formula(op, lines, *inputs):
    lines = [line.strip() for line in lines.strip().split("\n")]
    CASES.setdefault(op, []).append(Formula(op, lines, *inputs))
