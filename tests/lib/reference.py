"""What each operator of docs/ir.md means, in numpy: one function an operator.

Written from the documentation alone and as plainly as numpy allows. Arrays
come in as long doubles (integers as int64, truth values as bool), so that the
reference's own rounding does not count. ref(op, attributes, arrays, n) gives
(y, scale): scale is what an error of the result is measured by, in units in
the last place of the emitted type; 0 where the result must be exact.
"""
import math

import numpy as np

LD = np.longdouble
_table = {}


def _operator(function):
    _table[function.__name__.rstrip("_")] = function
    return function


def ref(op, at, arrays, n):
    arrays = [a.astype(LD) if np.issubdtype(a.dtype, np.floating) else a
              for a in map(np.asarray, arrays)]
    y, scale = _table[op](dict(at, n=n), *arrays)
    y = np.asarray(y)
    return y, np.broadcast_to(np.asarray(scale, dtype=LD), y.shape)


def known():
    return set(_table)


# ---- element by element ----

ROUNDINGS = 6  # of a short formula of one element


def _elementwise(name, function, exact=False):
    def apply(at, *xs):
        y = function(*xs)
        real = np.issubdtype(np.asarray(y).dtype, np.floating)
        return y, ROUNDINGS * np.abs(y) if real and not exact else 0
    _table[name] = apply


_erf = np.vectorize(lambda v: LD(math.erf(float(v))), otypes=[LD])

for _name, _f in {
        "exp": np.exp, "log": np.log, "log1p": np.log1p, "sqrt": np.sqrt,
        "tanh": np.tanh, "sin": np.sin, "cos": np.cos, "erf": _erf,
        "sigmoid": lambda x: 1 / (1 + np.exp(-x)), "pow": lambda x, y: x ** y,
        "softplus": lambda x: np.maximum(x, 0) + np.log1p(np.exp(-abs(x))),
        "add": lambda x, y: x + y, "sub": lambda x, y: x - y,
        "mul": lambda x, y: x * y, "div": lambda x, y: x / y}.items():
    _elementwise(_name, _f)
for _name, _f in {
        "neg": lambda x: -x, "abs": np.abs, "sign": np.sign,
        "floor": np.floor, "not": np.logical_not,
        "relu": lambda x: np.where(x < 0, 0, x),
        "real": lambda x: x.astype(LD),
        "int": lambda x: np.trunc(x).astype(np.int64), "stop": lambda x: x,
        "min": np.minimum, "max": np.maximum, "lt": lambda x, y: x < y,
        "le": lambda x, y: x <= y, "eq": lambda x, y: x == y,
        "ne": lambda x, y: x != y, "and": np.logical_and,
        "or": np.logical_or, "select": np.where,
        "withgrad": lambda y, x, d: y}.items():
    _elementwise(_name, _f, exact=True)


# ---- shapes and places: results are copies, so exact ----

def sizes(at, name):
    """The list `name`, the run-time size filled in where it says N."""
    return [int(eval(v, {"N": at["n"]})) if isinstance(v, str) else v
            for v in at[name]]


@_operator
def const(at):
    values = at.get("values", None)
    if values is None:
        return np.full(at["shape"], LD(at["value"])), 0
    return np.array(values, dtype=LD).reshape(at["shape"]), 0


@_operator
def reshape(at, x):
    return x.reshape(sizes(at, "shape")), 0


@_operator
def transpose(at, x):
    return x.transpose(at["perm"]), 0


@_operator
def broadcast(at, x):
    shape = sizes(at, "shape")
    there = [size if i in at["axes"] else 1 for i, size in enumerate(shape)]
    return np.broadcast_to(x.reshape(there), shape).copy(), 0


@_operator
def slice_(at, x):
    start, stop = sizes(at, "start"), sizes(at, "stop")
    return x[tuple(slice(a, b) for a, b in zip(start, stop))], 0


@_operator
def pad(at, x):
    return np.pad(x, list(zip(at["low"], at["high"])),
                  constant_values=at.get("value", 0)), 0


@_operator
def concat(at, *xs):
    return np.concatenate(xs, axis=at["axis"]), 0


@_operator
def reverse(at, x):
    return np.flip(x, at["axes"]), 0


@_operator
def gather(at, table, index):
    return table[index], 0


@_operator
def scatter_add(at, index, u):
    rows = sizes({"n": at["n"], "rows": [at["rows"]]}, "rows")
    y = np.zeros(rows + list(u.shape[index.ndim:]), dtype=LD)
    scale = y.copy()
    np.add.at(y, index, u)
    np.add.at(scale, index, abs(u))
    return y, (8 + math.sqrt(index.size)) * scale


@_operator
def pick(at, x, index):
    return np.take_along_axis(x, index[..., None], axis=-1)[..., 0], 0


@_operator
def onehot(at, index):
    return (index[..., None] == np.arange(at["classes"])).astype(LD), 0


@_operator
def extent(at, x):
    return LD(math.prod(x.shape[i] for i in at["axes"])), 0


# ---- reductions ----

def _terms(at, x):
    return math.prod(x.shape[i] for i in at["axes"])


@_operator
def sum_(at, x):
    axes = tuple(at["axes"])
    return x.sum(axes), (8 + math.sqrt(_terms(at, x))) * abs(x).sum(axes)


@_operator
def mean(at, x):
    y, scale = sum_(at, x)
    return y / _terms(at, x), (scale + abs(y)) / _terms(at, x)


@_operator
def prod(at, x):
    y = x.prod(tuple(at["axes"]))
    return y, (1 + _terms(at, x)) * abs(y)


@_operator
def max_of(at, x):
    return x.max(tuple(at["axes"])), 0


@_operator
def min_of(at, x):
    return x.min(tuple(at["axes"])), 0


@_operator
def argmax(at, x):
    return x.argmax(-1), 0


def _exponentials(x):
    """exp(x - top), its sum, and the relative error of each term: exp turns
    the absolute error of x - top into a relative one."""
    top = x.max(-1, keepdims=True)
    e = np.exp(x - top)
    return top, e, e.sum(-1, keepdims=True), 4 + abs(x - top)


@_operator
def softmax(at, x):
    top, e, total, error = _exponentials(x)
    terms = 8 + math.sqrt(x.shape[-1])
    mean_error = (error * e / total).sum(-1, keepdims=True)
    return e / total, (terms + error + mean_error) * e / total


@_operator
def normalize(at, x):
    axes = tuple(range(-at.get("axes", 1), 0))
    count = math.prod(x.shape[a] for a in axes)
    d = x - x.mean(axes, keepdims=True)
    scale = np.sqrt((d * d).mean(axes, keepdims=True) + at.get("eps", 1e-5))
    y, terms = d / scale, 8 + math.sqrt(count)
    shift = terms * abs(x).mean(axes, keepdims=True) / scale
    return y, shift + (terms + 4) * abs(y)


@_operator
def logsumexp(at, x):
    top, e, total, error = _exponentials(x)
    mean_error = (error * e / total).sum(-1)
    y = (top + np.log(total))[..., 0]
    return y, (8 + math.sqrt(x.shape[-1])) + mean_error + 4 * abs(y) \
        + 4 * abs(np.log(total[..., 0]))


# ---- products ----

@_operator
def matmul(at, a, b):
    a = np.swapaxes(a, -1, -2) if at.get("a", "n") == "t" else a
    b = np.swapaxes(b, -1, -2) if at.get("b", "n") == "t" else b
    return a @ b, (8 + math.sqrt(a.shape[-1])) * (abs(a) @ abs(b))


@_operator
def matmul_panels(at, a, w):
    columns = np.moveaxis(w, 1, 0).reshape(w.shape[1], -1)
    return matmul({}, a, columns[:, :at["columns"]])


# ---- windows ----

class Axis:
    """Along one axis: cells[p][k] is the input cell under place k of window p,
    -1 on the border (and on the zeros of a spread input)."""

    def __init__(self, size_in, size, stride, low, high, dilate, spread=1):
        wide = (size_in - 1) * spread + 1
        out = (wide + low + high - (dilate * (size - 1) + 1)) // stride + 1
        self.size_in, self.out, self.size = size_in, out, size
        self.cells = np.full((out, size), -1)
        for p in range(out):
            for k in range(size):
                at = p * stride + k * dilate - low
                if 0 <= at < wide and at % spread == 0:
                    self.cells[p, k] = at // spread


def _per_axis(at, name, count, fallback):
    v = at.get(name, fallback)
    return list(v) if isinstance(v, (tuple, list)) else [v] * count


def _axes(at, sizes_in, size, spread=False):
    """H and W; a window over one axis gets a first axis of size 1."""
    count = len(size)
    steps = [_per_axis(at, name, count, fallback) for name, fallback in
             (("stride", 1), ("low", 0), ("high", 0), ("dilate", 1))]
    spreads = _per_axis(at, "spread", count, 1) if spread else [1] * count
    axes = [Axis(i, k, *step, e)
            for i, k, e, step in zip(sizes_in, size, spreads, zip(*steps))]
    return [Axis(1, 1, 1, 0, 0, 1)] * (2 - count) + axes


def _under(x, h, w, kh, kw, border):
    """x[.., H, W] under place (kh, kw) of every window."""
    rows, columns = h.cells[:, kh], w.cells[:, kw]
    y = x[..., rows[:, None], columns]
    return np.where((rows[:, None] >= 0) & (columns >= 0), y, border)


@_operator
def conv(at, x, w):
    one = w.ndim == 3
    if one:
        x, w = x[:, :, None], w[:, :, None]
    h, v = _axes(at, x.shape[2 + one:], w.shape[2 + one:], spread=True)
    groups = at.get("groups", 1)
    plane = x.shape[2:]
    if at.get("x", "nc") == "cn":
        x = x.reshape(x.shape[0], groups, -1, *plane).transpose(2, 1, 0, 3, 4)
    else:
        x = x.reshape(x.shape[0], groups, -1, *plane)
    if at.get("w", "oi") == "io":
        w = w.transpose(1, 0, 2, 3)
    w = w.reshape(groups, -1, *w.shape[1:])
    y = scale = 0
    for kh in range(h.size):
        for kw in range(v.size):
            part = _under(x, h, v, kh, kw, LD(0))
            y = y + np.einsum("bgchw,goc->bgohw", part, w[..., kh, kw])
            scale = scale + np.einsum("bgchw,goc->bgohw", abs(part),
                                      abs(w[..., kh, kw]))
    terms = w.shape[2] * h.size * v.size
    results = []
    for a in (y, (8 + math.sqrt(terms)) * scale):
        a = a.reshape(a.shape[0], -1, *a.shape[3:])
        a = a.transpose(1, 0, 2, 3) if at.get("y", "nc") == "cn" else a
        results.append(a[:, :, 0] if one else a)
    return results


def _put_together(x, axis):
    """The last axis goes behind `axis`, and both become one."""
    x = np.moveaxis(x, -1, axis + 1)
    return x.reshape(*x.shape[:axis], -1, *x.shape[axis + 2:])


@_operator
def block(at, x):
    axis, size = at["axis"], at["size"]
    room = [(0, 0)] * x.ndim
    room[axis] = (0, -x.shape[axis] % size)
    x = np.pad(x, room)
    x = x.reshape(*x.shape[:axis], -1, size, *x.shape[axis + 1:])
    return np.moveaxis(x, axis + 1, -1), 0


@_operator
def unblock(at, x):
    x = _put_together(x, at["axis"])
    return np.take(x, range(at["count"]), axis=at["axis"]), 0


@_operator
def phases(at, x):
    s, low, shape = at["stride"], at["low"], at["shape"]
    n, c, *sizes = x.shape
    y = np.zeros((n, c, s, s, *shape), x.dtype)
    for i in range(s):
        for j in range(s):
            for p in range(shape[0]):
                for q in range(shape[1]):
                    h, w = s * p + i - low[0], s * q + j - low[1]
                    if 0 <= h < sizes[0] and 0 <= w < sizes[1]:
                        y[:, :, i, j, p, q] = x[:, :, h, w]
    return block({"axis": 1, "size": at["v"]},
                 y.reshape(n, c * s * s, *shape))


@_operator
def pack_blocked(at, w):
    if at.get("order", "oi") == "io":
        w = np.swapaxes(w, 0, 1)
    w = block({"axis": 1, "size": at["xv"]}, w)[0]
    return block({"axis": 0, "size": at["v"]}, w)


@_operator
def conv_blocked(at, x, w):
    v = w.shape[-1]
    w = _put_together(_put_together(w, 0), 1)
    if at.get("spare"):
        w = w.copy()
        w[:, -at["spare"]:] = 0
    return [block({"axis": 1, "size": v}, a)[0]
            for a in conv(at, _put_together(x, 1), w)]


@_operator
def conv_depthwise(at, x, w):
    w = _put_together(w, 0)[:, None]
    return [block({"axis": 1, "size": x.shape[-1]}, a)[0] for a in
            conv(dict(at, groups=len(w)), _put_together(x, 1), w)]


def _winograd(m, size, stride=1):
    """The factors A [t, m], G [q, size], B [t, t]; t - 1 points, infinity. With
    stride 2 a filter of weights 0 and 2 with 0, 1 and infinity on cells 0, 2 and
    4, then weight 1 on cells 1 and 3; t is 5 and q is 4, otherwise t."""
    if stride == 2:
        a, g, b = np.zeros((5, 2), LD), np.zeros((4, 3), LD), np.zeros((5, 5), LD)
        a[[0, 1, 1, 2, 3, 4], [0, 0, 1, 1, 0, 1]] = 1
        g[[0, 1, 1, 2, 3], [0, 0, 2, 2, 1]] = 1
        b[[0, 1, 2, 3, 4], [0, 2, 4, 1, 3]] = 1
        b[[0, 2], [2, 2]] = -1
        return a, g, b
    t = m + size - 1
    one = {4: LD(1), 6: np.sqrt(LD(0.5)), 8: LD(0.5)}[t]
    points = [LD(0)] + [s * f * one for f in (1, 2, 4) for s in (1, -1)]
    points = points[:t - 1]

    def powers(length):
        last = np.arange(length) == length - 1
        return np.stack([p ** np.arange(length) for p in points] + [last])

    def others(i):
        return [p for k, p in enumerate(points) if k != i]
    g = powers(size)
    b = np.zeros((t, t), LD)
    for i in range(t):
        row = np.ones(1, LD)
        for p in others(i):
            row = np.convolve(row, np.array([-p, LD(1)]))
            if i < t - 1:
                g[i] = g[i] / (points[i] - p)
        b[i, :len(row)] = row
    return powers(m), g, b


@_operator
def pack_winograd(at, w):
    if at.get("w", "oi") == "io":
        w = w.transpose(1, 0, 2, 3)
    v = at["v"]
    _, g, _ = _winograd(at["m"], w.shape[2], at.get("stride", 1))
    w = np.pad(w, [(0, -w.shape[0] % v), (0, -w.shape[1] % v), (0, 0), (0, 0)])

    def transformed(g, w):
        u = np.moveaxis(g @ w @ g.T, 1, -1)
        u = u.reshape(-1, v, g.shape[0] ** 2, u.shape[-1])
        return np.moveaxis(u, 1, -1)
    return transformed(g, w), 4 * transformed(abs(g), abs(w))


@_operator
def conv_winograd(at, x, u):
    m, groups = at["m"], at.get("groups", 1)
    size, stride = at.get("size", 3), at.get("stride", 1)
    a, g, b = _winograd(m, size, stride)
    h, w = _axes(at, x.shape[2:4], (size, size))
    low = _per_axis(at, "low", 2, 0)
    count, v, t = x.shape[0], x.shape[-1], len(b)
    x = _put_together(x, 1)
    x = x.reshape(count, groups, -1, *x.shape[2:])
    u = u.reshape(groups, -1, len(g), len(g), *u.shape[2:])
    places = np.minimum(np.arange(t), len(g) - 1)
    u = u[:, :, places][:, :, :, places]
    read = u.shape[-2] - at.get("spare", 0)
    x, u = x[:, :, :read], u[..., :read, :]
    y = np.zeros((count, u.shape[0] * u.shape[1], h.out, w.out, v), LD)
    scale = np.zeros_like(y)
    for i in range(0, h.out, m):
        for j in range(0, w.out, m):
            d = np.zeros((*x.shape[:3], t, t), LD)
            for p in range(t):
                for q in range(t):
                    r, c = stride * i + p - low[0], stride * j + q - low[1]
                    if 0 <= r < x.shape[3] and 0 <= c < x.shape[4]:
                        d[..., p, q] = x[..., r, c]

            def tile(a, b, d, u):
                s = b @ d @ b.T
                s = np.einsum("bgcil,goilcv->bgovil", s, u)
                s = np.moveaxis(a.T @ s @ a, 3, -1)
                return s.reshape(count, -1, m, m, v)[:, :, :h.out - i, :w.out - j]
            to = np.s_[:, :, i:i + m, j:j + m]
            y[to] = tile(a, b, d, u)
            scale[to] = tile(abs(a), abs(b), abs(d), abs(u))
    return y, (8 + math.sqrt(u.shape[-2])) * scale


class Windows:
    """A pooling operator's windows; windowed axes are moved to the end."""

    def __init__(self, at, shape):
        """shape: the sizes of x."""
        self.axis, self.count = at.get("axis", 2), len(at["size"])
        self.h, self.w = _axes(
            at, shape[self.axis:self.axis + self.count], at["size"])
        self.places = [(kh, kw) for kh in range(self.h.size)
                       for kw in range(self.w.size)]

    def last(self, x):
        for _ in range(self.count):
            x = np.moveaxis(x, self.axis, -1)
        return x[..., None, :] if self.count == 1 else x

    def back(self, y):
        y = y[..., 0, :] if self.count == 1 else y
        for _ in range(self.count):
            y = np.moveaxis(y, -1, self.axis)
        return y

    def stack(self, x, border):
        """[.., OH, OW, places]"""
        x = self.last(x)
        return np.stack([_under(x, self.h, self.w, kh, kw, border)
                         for kh, kw in self.places], axis=-1)

    def spread(self, u):
        """The adjoint of stack."""
        x = np.zeros((*u.shape[:-3], self.h.size_in, self.w.size_in),
                     dtype=u.dtype)
        for k, (kh, kw) in enumerate(self.places):
            for p, row in enumerate(self.h.cells[:, kh]):
                for q, column in enumerate(self.w.cells[:, kw]):
                    if row >= 0 and column >= 0:
                        x[..., row, column] += u[..., p, q, k]
        return self.back(x)


@_operator
def maxpool(at, x):
    w = Windows(at, x.shape)
    return w.back(w.stack(x, -np.inf).max(-1)), 0


@_operator
def maxpick(at, h, x):
    w = Windows(at, x.shape)
    first = w.stack(x, -np.inf).argmax(-1)[..., None]
    return w.back(np.take_along_axis(w.stack(h, LD(0)), first, -1)[..., 0]), 0


@_operator
def maxunpick(at, g, x):
    w = Windows(at, x.shape)
    first = w.stack(x, -np.inf).argmax(-1)[..., None]
    u = (first == np.arange(len(w.places))) * w.last(g)[..., None]
    return w.spread(u), (8 + len(w.places)) * w.spread(abs(u))


@_operator
def sumpool(at, x):
    w = Windows(at, x.shape)
    terms = 8 + math.sqrt(len(w.places))
    return (w.back(w.stack(x, LD(0)).sum(-1)),
            terms * w.back(w.stack(abs(x), LD(0)).sum(-1)))


def _input_shape(at, g):
    shape, axis = list(g.shape), at.get("axis", 2)
    shape[axis:axis + len(at["size"])] = at["shape"]
    return shape


@_operator
def sumunpool(at, g):
    w = Windows(at, _input_shape(at, g))
    u = np.repeat(w.last(g)[..., None], len(w.places), axis=-1)
    return w.spread(u), (8 + math.sqrt(len(w.places))) * w.spread(abs(u))


@_operator
def unfold(at, x):
    w = Windows(at, x.shape)
    u = w.stack(x, LD(at.get("value", 0)))
    return np.stack([w.back(u[..., k]) for k in range(u.shape[-1])], -1), 0


@_operator
def fold(at, g):
    w = Windows(at, _input_shape(at, g))
    u = np.stack([w.last(g[..., k]) for k in range(g.shape[-1])], -1)
    return w.spread(u), (8 + len(w.places)) * w.spread(abs(u))
