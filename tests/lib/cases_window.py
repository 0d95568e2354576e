"""Cases of convolutions and pools."""
from cases import CASES, case, real

# ---- conv ----
# (x, w, attributes) in the plain layout; size 1, odd sizes, strides above the
# kernel, dilation, padding on one side and beyond the kernel, cropping,
# spreading, groups and depthwise, the run-time batch.
LINES = [
    ((1, 1, 1), (1, 1, 1), {}),
    ((1, 1, 7), (1, 1, 3), {}),
    ((2, 3, 9), (4, 3, 3), {}),
    ((2, 3, 9), (4, 3, 1), {}),
    ((2, 3, 9), (4, 3, 9), {}),
    ((1, 2, 9), (3, 2, 2), dict(stride=(3,))),
    ((1, 2, 16), (3, 2, 3), dict(stride=(5,), low=(1,))),
    ((1, 2, 9), (3, 2, 3), dict(low=(1,), high=(1,))),
    ((1, 2, 9), (3, 2, 3), dict(low=(2,), high=(0,))),
    ((1, 2, 9), (3, 2, 2), dict(low=(4,), high=(3,))),
    ((1, 2, 11), (2, 2, 3), dict(dilate=(2,))),
    ((2, 2, 11), (2, 2, 3), dict(dilate=(3,), low=(3,), high=(3,))),
    ((2, 2, 11), (2, 2, 3), dict(dilate=(2,), stride=(2,), low=(1,))),
    ((1, 4, 9), (6, 2, 3), dict(groups=2)),
    ((2, 4, 9), (4, 1, 3), dict(groups=4, low=(1,), high=(1,))),
    ((2, 3, 8), (9, 1, 3), dict(groups=3, stride=(2,))),
    ((1, 2, 5), (3, 2, 3), dict(spread=(2,), low=(1,), high=(1,))),
    ((1, 2, 5), (3, 2, 3), dict(spread=(3,), stride=(2,), dilate=(2,))),
    ((1, 2, 9), (3, 2, 3), dict(low=(-1,), high=(-2,))),
    (("N", 2, 9), (3, 2, 3), dict(stride=(2,), low=(1,), high=(1,))),
    (("N", 4, 7), (4, 2, 3), dict(groups=2)),
    ((1, 1, 33), (16, 1, 5), dict(stride=(2,), low=(2,), high=(2,))),
]
PLANES = [
    ((1, 1, 1, 1), (1, 1, 1, 1), {}),
    ((1, 1, 5, 5), (1, 1, 3, 3), {}),
    ((2, 3, 5, 7), (4, 3, 3, 3), {}),
    ((2, 3, 5, 7), (4, 3, 1, 1), {}),
    ((2, 3, 5, 7), (4, 3, 5, 7), {}),
    ((1, 2, 7, 5), (3, 2, 1, 5), {}),
    ((1, 2, 7, 5), (3, 2, 7, 1), {}),
    ((1, 2, 9, 8), (3, 2, 2, 2), dict(stride=(3, 3))),
    ((2, 3, 9, 8), (4, 3, 1, 1), dict(stride=(2, 2))),
    ((1, 2, 9, 8), (3, 2, 2, 3), dict(stride=(4, 2))),
    ((1, 2, 6, 6), (3, 2, 3, 3), dict(low=(1, 1), high=(1, 1))),
    ((1, 2, 6, 6), (3, 2, 3, 3), dict(low=(2, 0), high=(0, 1))),
    ((1, 2, 4, 5), (3, 2, 2, 2), dict(low=(3, 2), high=(2, 3))),
    ((1, 2, 7, 9), (2, 2, 3, 3), dict(dilate=(2, 3))),
    ((2, 2, 7, 7), (2, 2, 3, 3), dict(dilate=(2, 2), low=(2, 2), high=(2, 2))),
    ((2, 2, 9, 7), (2, 2, 3, 2),
     dict(dilate=(2, 1), stride=(2, 3), low=(1, 0))),
    ((1, 4, 5, 5), (6, 2, 3, 3), dict(groups=2)),
    ((2, 4, 5, 5), (4, 1, 3, 3), dict(groups=4, low=(1, 1), high=(1, 1))),
    ((2, 3, 6, 5), (9, 1, 3, 2), dict(groups=3, stride=(2, 1))),
    ((2, 3, 6, 17), (3, 1, 3, 5), dict(groups=3, low=(1, 2), high=(1, 2))),
    ((1, 2, 3, 4), (3, 2, 3, 2), dict(spread=(2, 1), low=(1, 0))),
    ((1, 2, 3, 3), (3, 2, 2, 3),
     dict(spread=(2, 3), stride=(2, 2), low=(1, 2), high=(1, 0))),
    ((1, 2, 6, 6), (3, 2, 3, 3), dict(low=(-1, 1), high=(0, -2))),
    (("N", 2, 5, 6), (3, 2, 3, 3), dict(stride=(2, 2), low=(1, 1))),
    (("N", 4, 5, 4), (4, 2, 3, 3), dict(groups=2, dilate=(1, 1))),
    ((2, 16, 6, 6), (16, 16, 3, 3), dict(low=(1, 1), high=(1, 1))),
]


def in_layout(x, w, at, xs, ws):
    """The same sizes with the channel axes exchanged."""
    groups = at.get("groups", 1)
    if xs == "cn":  # [Cg, G*B]
        x = (x[1] // groups, groups * x[0]) + x[2:]
    if ws == "io":
        w = (w[1], w[0]) + w[2:]
    return x, w


# Beyond one block of the kernels; too large for complex step.
LARGE = [
    ((1, 40, 14, 14), (48, 40, 3, 3), dict(low=(1, 1), high=(1, 1))),
    ((2, 64, 15, 13), (40, 32, 3, 3), dict(groups=2, stride=(2, 2))),
    ((1, 3, 35, 33), (24, 3, 7, 7), dict(stride=(2, 2), low=(3, 3),
                                         high=(3, 3))),
    ((1, 130, 7, 9), (33, 130, 1, 1), {}),
    ((2, 3, 500), (20, 3, 9), dict(low=(4,), high=(4,))),
    ((1, 48, 33), (64, 48, 5), dict(dilate=(2,), low=(4,), high=(4,))),
]


def conv(lines, **more):
    for x, w, at in lines:
        case("conv", real(*x), real(*w), **at, **more)


conv(LINES)
conv(PLANES)
conv(LARGE, gradient=False)
case("conv", real(2, 2, 13, 9), real(2, 9, 5, 5), gradient=False, w="io",
     stride=(2, 2), low=(1, 2), high=(2, 0))
for _x, _w, _at in LINES[5:6] + LINES[13:14] + PLANES[10:11] + PLANES[14:16]:
    for _xs in ("nc", "cn"):
        for _ws in ("oi", "io"):
            for _ys in ("nc", "cn"):
                if (_xs, _ws, _ys) == ("nc", "oi", "nc"):
                    continue
                _a, _b = in_layout(_x, _w, _at, _xs, _ws)
                case("conv", real(*_a), real(*_b), **_at, x=_xs, w=_ws, y=_ys)

# ---- convolutions of channel-blocked arrays ----
# Sizes of an input and an output block go round; spread is not theirs.
BLOCKS = [(1, 4), (4, 4), (8, 8), (2, 4), (1, 8), (3, 2), (1, 1), (1, 16),
          (4, 8), (16, 16), (2, 3)]
BLOCKED = [(line, *BLOCKS[i % len(BLOCKS)]) for i, line in
           enumerate([*LINES, *PLANES, *LARGE, *LARGE])
           if "spread" not in line[2]]
for (_x, _w, _at), _xv, _v in BLOCKED:
    _groups = _at.get("groups", 1)
    if _w[1] % _xv and _groups > 1:  # a block lies in one group
        _xv = _w[1]
    if _w[0] // _groups % _v and _groups > 1:
        _v = _w[0] // _groups
    _blocks = -(-_w[1] // _xv)
    case("conv_blocked", real(_x[0], _groups * _blocks, *_x[2:], _xv),
         real(-(-_w[0] // _v), _blocks, *_w[2:], _xv, _v), gradient=False,
         **_at)

# Cells that are picked; channels in chunks, whose last tile overlaps another;
# weights that are fetched ahead.
for _x, _w, _at in [
        ((1, 2, 7, 13, 8), (3, 2, 1, 1, 8, 8), dict(stride=(2, 3))),
        (("N", 3, 8, 5, 4), (2, 3, 1, 1, 4, 8), dict(stride=(1, 2))),
        ((1, 6, 6, 6, 8), (2, 3, 1, 1, 8, 8), dict(stride=(3, 3), groups=2)),
        ((1, 131, 7, 7, 8), (33, 131, 1, 1, 8, 8), {}),
        ((1, 131, 13, 14, 8), (17, 131, 1, 1, 8, 8), dict(stride=(2, 2))),
        ((1, 24, 16, 17, 8), (11, 24, 3, 3, 8, 8),
         dict(stride=(2, 2), low=(1, 1), high=(1, 1))),
        ((1, 7, 3, 6, 4), (5, 7, 3, 3, 4, 4),
         dict(low=(1, 1), high=(1, 1)))]:
    case("conv_blocked", real(*_x), real(*_w), gradient=False, **_at)

# Channels that do not fill a block; cells that windows share.
for _x, _w, _at in [
        ((1, 1, 6, 7, 8), (2, 1, 5, 5, 8, 8), dict(spare=2)),
        (("N", 4, 3, 9, 4), (2, 2, 1, 3, 4, 4), dict(spare=3, groups=2)),
        ((1, 2, 7, 13, 8), (1, 2, 3, 3, 8, 8),
         dict(spare=7, stride=(2, 2), dilate=(2, 1), low=(1, 1), high=(1, 1))),
        (("N", 3, 9, 23, 1), (1, 3, 3, 3, 1, 8),
         dict(stride=(2, 2), low=(1, 1), high=(1, 1))),
        ((1, 1, 8, 28, 1), (2, 1, 5, 5, 1, 8), dict(low=(2, 2), high=(2, 2)))]:
    case("conv_blocked", real(*_x), real(*_w), gradient=False, **_at)

# ---- depthwise convolutions ----
for _i, (_x, _w, _at) in enumerate([*LINES, *PLANES, *LARGE[:2]]):
    _at = {k: v for k, v in _at.items() if k != "groups"}
    if "spread" in _at:
        continue
    _blocks, _v = 1 + _i % 3, (1, 4, 8, 3, 16)[_i % 5]
    case("conv_depthwise", real(_x[0], _blocks, *_x[2:], _v),
         real(_blocks, *_w[2:], _v), gradient=False, **_at)

# ---- Winograd ----
# (x, outputs, groups, low, high); channels and outputs of a group, v
WINOGRAD = [
    ((1, 1, 1, 1), 1, 1, (1, 1), (1, 1), 1), ((1, 3, 1, 1), 5, 1, (1, 1), (1, 1), 4),
    ((2, 5, 7, 13), 3, 1, (1, 1), (1, 1), 4), ((1, 17, 7, 13), 9, 1, (1, 1), (1, 1), 8),
    (("N", 4, 6, 5), 8, 1, (1, 1), (1, 1), 4), ((3, 8, 8, 8), 16, 1, (1, 1), (1, 1), 8),
    ((1, 8, 9, 6), 24, 1, (0, 0), (0, 0), 8), ((2, 3, 5, 4), 9, 1, (2, 2), (2, 2), 4),
    ((1, 4, 4, 5), 3, 1, (3, 6), (5, 4), 2), ((1, 9, 11, 9), 8, 1, (-1, -2), (-2, 0), 4),
    (("N", 4, 6, 7), 4, 3, (1, 1), (1, 1), 4), ((1, 8, 6, 7), 4, 2, (0, 1), (2, 1), 4),
    ((1, 2, 3, 30), 3, 1, (1, 0), (1, 2), 3)]
for _x, _o, _groups, _low, _high, _v in WINOGRAD:
    for _m in (2, 4):
        _c, _t = -(-_x[1] // _v), _m + 2
        _more = dict(groups=_groups) if _groups > 1 else {}
        case("conv_winograd", real(_x[0], _groups * _c, *_x[2:], _v),
             real(-(-_o // _v) * _groups, _t * _t, _c * _v, _v),
             gradient=False, m=_m, low=_low, high=_high, **_more)
        case("pack_winograd", real(_o, _x[1], 3, 3), gradient=False, m=_m,
             v=_v)
# (m, size, x, outputs, low, high, v, spare)
for _m, _size, _x, _o, _low, _high, _v, _spare in [
        (3, 2, (1, 3, 5, 4), 5, (0, 1), (1, 0), 4, 1),
        (5, 2, (2, 9, 7, 13), 3, (1, 1), (1, 1), 8, 7),
        (3, 4, (1, 12, 9, 8), 9, (0, 0), (0, 0), 8, 4),
        (5, 4, (1, 12, 13, 7), 17, (0, 0), (0, 0), 8, 4),
        (5, 4, ("N", 3, 1, 2), 2, (2, 1), (1, 2), 3, 0),
        (2, 5, (1, 5, 7, 13), 4, (2, 2), (2, 2), 4, 3),
        (4, 5, (1, 17, 7, 13), 9, (2, 2), (2, 2), 8, 7),
        (4, 5, (2, 4, 1, 1), 5, (2, 2), (2, 2), 2, 0)]:
    _c, _t = -(-_x[1] // _v), _m + _size - 1
    case("conv_winograd", real(_x[0], _c, *_x[2:], _v),
         real(-(-_o // _v), _t * _t, _c * _v, _v), gradient=False, m=_m,
         size=_size, low=_low, high=_high, **(dict(spare=_spare) if _spare else {}))
    case("pack_winograd", real(_o, _x[1], _size, _size), gradient=False,
         m=_m, v=_v)
for _x, _o, _groups, _low, _high, _v in WINOGRAD:
    _c = -(-_x[1] // _v)
    _more = dict(groups=_groups) if _groups > 1 else {}
    case("conv_winograd", real(_x[0], _groups * _c, *_x[2:], _v),
         real(-(-_o // _v) * _groups, 16, _c * _v, _v), gradient=False, m=2,
         stride=2, low=_low, high=_high, **_more)
case("pack_winograd", real(9, 17, 3, 3), gradient=False, m=2, v=8, stride=2)
case("pack_winograd", real(5, 3, 3, 3), gradient=False, m=4, v=4, w="io")
case("pack_winograd", real(9, 17, 3, 3), gradient=False, m=2, v=8, w="io")

# ---- pools ----
# (x, attributes)
POOLS = [
    ((1, 1, 1), dict(size=(1,))),
    ((1, 1, 2), dict(size=(2,))),
    ((2, 3, 8), dict(size=(2,), stride=(2,))),
    ((2, 3, 9), dict(size=(2,), stride=(2,))),
    ((2, 3, 9), dict(size=(3,), stride=(1,))),
    ((1, 2, 9), dict(size=(2,), stride=(3,))),
    ((1, 2, 9), dict(size=(3,), stride=(2,), low=(1,), high=(1,))),
    ((1, 2, 9), dict(size=(3,), stride=(1,), dilate=(2,))),
    ((1, 2, 9), dict(size=(2,), stride=(1,), dilate=(3,), low=(2,),
                     high=(1,))),
    ((1, 2, 9), dict(size=(9,))),
    ((7,), dict(size=(3,), axis=0)),
    ((7, 3), dict(size=(3,), stride=(2,), axis=0)),
    ((2, 7, 3), dict(size=(3,), low=(1,), high=(1,), axis=1)),
    ((1, 1, 1, 1), dict(size=(1, 1))),
    ((2, 3, 6, 6), dict(size=(2, 2), stride=(2, 2))),
    ((2, 3, 7, 5), dict(size=(2, 2), stride=(2, 2))),
    ((2, 3, 7, 5), dict(size=(3, 3), stride=(2, 2), low=(1, 1),
                        high=(1, 1))),
    ((1, 2, 5, 6), dict(size=(3, 3), stride=(1, 1), low=(1, 1),
                        high=(1, 1))),
    ((1, 2, 7, 8), dict(size=(2, 2), stride=(3, 4))),
    ((1, 2, 7, 8), dict(size=(2, 3), stride=(1, 2), dilate=(3, 2))),
    ((1, 2, 4, 5), dict(size=(4, 5))),
    ((1, 2, 4, 5), dict(size=(1, 3), low=(0, 1))),
    ((4, 5), dict(size=(2, 2), axis=0)),
    ((4, 5, 3), dict(size=(2, 2), stride=(2, 1), axis=0)),
    ((1, 2, 6, 6), dict(size=(3, 3), low=(-1, 1), high=(0, -1))),
    (("N", 2, 6), dict(size=(2,), stride=(2,))),
    (("N", 2, 5, 5), dict(size=(3, 3), stride=(2, 2), low=(1, 1),
                          high=(1, 1))),
]


def pools():
    for x, at in POOLS:
        axis, count = at.get("axis", 2), len(at["size"])
        inside = tuple(x[axis:axis + count])
        case("maxpool", real(*x, data="distinct"), **at)
        case("maxpick", real(*x), real(*x, data="distinct"), **at)
        case("sumpool", real(*x), **at)
        case("unfold", real(*x), **at, value=0.5)
        # The adjoints take the sizes their operators make.
        y = CASES["sumpool"][-1].result_dims()
        cells = CASES["unfold"][-1].result_dims()
        case("maxunpick", real(*y), real(*x, data="distinct"), **at)
        case("sumunpool", real(*y), **at, shape=inside)
        case("fold", real(*cells), **at, shape=inside)
    # Ties: the first of the largest cells, without a border and with one.
    for x, at in (POOLS[2], POOLS[6], POOLS[14], POOLS[16]):
        y = next(c for c in CASES["maxpool"] if c.at == at
                 and list(c.inputs[0].dims) == list(x)).result_dims()
        case("maxpool", real(*x, data="whole"), **at)
        case("maxpick", real(*x), real(*x, data="whole"), **at)
        case("maxunpick", real(*y), real(*x, data="whole"), **at)


pools()
