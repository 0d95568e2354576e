"""Products by AMX tiles in numpy: what the instruction is documented to do, for
numbers in parts of 8 bits as docs/internals.md says."""
from fractions import Fraction

import numpy as np

F32 = np.float32
TOP = np.uint32(0xffff0000)
# The products of parts of a and b, in order, for three and two parts.
ORDER = {3: ["13", "12", "22", "21", "31", "11"], 2: ["21", "11", "12"]}


def split(x, parts, nearest):
    """The parts of float32 numbers, largest first."""
    found = []
    x = np.asarray(x, F32)
    for _ in range(parts):
        bits = x.view(np.uint32)
        if nearest:
            small = (bits & 0x7fffffff) < 0x7f7f8000
            bits = bits + np.where(small, 0x8000, 0).astype(np.uint32)
        top = (bits & TOP).view(F32)
        found.append(top)
        with np.errstate(invalid="ignore"):
            x = (x - top).astype(F32)
    return found


def _flush(x):
    return np.where(np.abs(x) < F32(2.0 ** -126), F32(0), x).astype(F32)


def step(c, a, b):
    """c [M, N] and the product of a [M, 32] and b [32, N]."""
    sums = []
    for half in range(2):
        s = np.zeros_like(c)
        for k in range(16 * half, 16 * half + 16):
            exact = (_flush(a[:, k]).astype(np.float64)[:, None]
                     * _flush(b[k]).astype(np.float64)[None])
            s = _flush((exact + s).astype(F32))
        sums.append(s)
    return _flush(_flush(c) + _flush(sums[0] + sums[1]))


def product(x, w, parts):
    """x [M, K] w [K, N], blocks of 32 terms one after the other."""
    pad = -x.shape[1] % 32
    x = np.pad(x, ((0, 0), (0, pad)))
    w = np.pad(w, ((0, pad), (0, 0)))
    a, b = split(x, parts, parts == 2), split(w, parts, True)
    c = np.zeros((x.shape[0], w.shape[1]), F32)
    for k in range(0, x.shape[1], 32):
        for i, j in ORDER[parts]:
            c = step(c, a[int(i) - 1][:, k:k + 32],
                      b[int(j) - 1][k:k + 32])
    return c


def _rounded(x):
    """A fraction to float32, to nearest even, nothing below normal."""
    if x == 0:
        return Fraction(0)
    e = abs(x).numerator.bit_length() - x.denominator.bit_length()
    e -= abs(x) < Fraction(2) ** e
    unit = Fraction(2) ** (e - 23)
    y = round(x / unit) * unit
    return y if abs(y) >= Fraction(2) ** -126 else Fraction(0)


def exact_step(c, a, b):
    """One sum of step in rational numbers: c, a row of a, a column of b."""
    sums = []
    for half in range(2):
        s = Fraction(0)
        for k in range(16 * half, 16 * half + 16):
            s = _rounded(Fraction(float(a[k])) * Fraction(float(b[k])) + s)
        sums.append(s)
    return float(_rounded(Fraction(float(c)) + _rounded(sums[0] + sums[1])))
