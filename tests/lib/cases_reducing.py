"""Cases of reductions and of matrix products."""
from cases import case, real

REDUCED = [((1,), (0,)), ((7,), (0,)), ((16,), (0,)), ((33,), (0,)),
           ((100,), (0,)), ((2, 3), (0,)), ((2, 3), (1,)), ((2, 3), (0, 1)),
           ((1, 9), (0,)), ((9, 1), (1,)), ((5, 17), (1,)), ((17, 5), (0,)),
           ((2, 3, 4), (0,)), ((2, 3, 4), (1,)), ((2, 3, 4), (2,)),
           ((2, 3, 4), (0, 2)), ((2, 3, 4), (1, 2)), ((2, 3, 4), (0, 1, 2)),
           ((1, 1, 1), (0, 2)), ((2, 3, 4, 5), (1, 3)), (("N",), (0,)),
           (("N", 3), (0,)), (("N", 3), (1,)), (("N", 2, 3), (0, 2)),
           (("N", 2, 37), (0, 2)), ((3, 2, 5, 8), (0, 2)),
           (("N", 3, 6, 4), (0, 2))]

for op, domain in (("sum", "smooth"), ("mean", "smooth"), ("prod", "unit"),
                   ("max_of", "distinct"), ("min_of", "distinct")):
    for shape, axes in REDUCED:
        case(op, real(*shape, data=domain), axes=axes)
case("prod", real(2, 5, data="whole"), axes=(1,))  # with zeros
case("prod", real(7, data="whole"), axes=(0,))
for shape, axes in REDUCED:
    case("extent", real(*shape), axes=axes, gradient=False)

for shape in [(1,), (2,), (7,), (16,), (17,), (100,), (1, 1), (1, 9), (9, 1),
              (2, 3), (3, 5), (5, 33), (4, 10), (2, 3, 4), (1, 1, 1),
              (3, 1, 5), (2, 2, 2, 3), ("N", 1), ("N", 3), ("N", 10),
              ("N", 2, 3)]:
    case("softmax", real(*shape))
    case("logsumexp", real(*shape))
    case("argmax", real(*shape, data="whole"), gradient=False)
for data in ("high", "low"):
    case("softmax", real(3, 5, data=data))
    case("logsumexp", real(3, 5, data=data))

for shape, at in [
        ((3,), {}), ((7,), dict(eps=0.5)), ((100,), {}), ((1, 5), {}),
        ((2, 3), dict(eps=0.25)), ((4, 10), {}), ((5, 33), {}),
        ((3, 48), dict(eps=1e-3)), ((2, 3, 4), {}), ((2, 3, 4), dict(axes=2)),
        ((2, 3, 4), dict(axes=3)), ((3, 1, 5), {}), ((3, 1, 5), dict(axes=2)),
        ((2, 2, 2, 3), {}), ((2, 2, 2, 3), dict(axes=2, eps=0.1)),
        ((2, 2, 2, 3), dict(axes=3)), (("N", 5), {}), (("N", 40), {}),
        (("N", 2, 3), {}), (("N", 2, 3), dict(axes=2)),
        (("N", 3), dict(axes=2)), ((2, 1, 7, 5), dict(axes=2))]:
    case("normalize", real(*shape), **at)
case("normalize", real(3, 5, data="high"), gradient=False)
for shape in [(1,), (2, 1), (2, 2)]:  # gradients that are 0 or nearly so
    case("normalize", real(*shape), gradient=False)

# (rows, inner, columns) in all four orders, then leading axes.
TRIPLES = [(1, 1, 1), (1, 7, 1), (7, 1, 5), (1, 9, 4), (2, 3, 4), (5, 16, 3),
           (8, 8, 8), (17, 5, 9), (3, 33, 2), (16, 4, 17)]
for i, k, j in TRIPLES:
    for a in "nt":
        for b in "nt":
            case("matmul", real(*((i, k) if a == "n" else (k, i))),
                 real(*((k, j) if b == "n" else (j, k))), a=a, b=b)
for lead in [(1,), (2,), (3,), (2, 2)]:
    for a in "nt":
        for b in "nt":
            case("matmul", real(*lead, *((2, 3) if a == "n" else (3, 2))),
                 real(*lead, *((3, 4) if b == "n" else (4, 3))), a=a, b=b)
for a, b in [("n", "n"), ("n", "t")]:
    case("matmul", real("N", 3), real(*((3, 4) if b == "n" else (4, 3))),
         a=a, b=b)
case("matmul", real("N", 3), real("N", 4), a="t", b="n")
case("matmul", real("N", 2, 3), real("N", 3, 2), a="n", b="n")
# Beyond one block of the kernels, in each direction.
for i, k, j in [(70, 600, 90), (129, 257, 65), (1, 1000, 33), (300, 2, 300)]:
    for a, b in ("nn", "nt", "tn"):
        case("matmul", real(*((i, k) if a == "n" else (k, i))),
             real(*((k, j) if b == "n" else (j, k))), a=a, b=b, gradient=False)
# A right side that is fetched ahead, whose last panel and rows overlap others.
case("matmul", real(19, 264), real(264, 257), a="n", b="n", gradient=False)
case("matmul", real(2, 16, 16), real(2, 16, 4096), a="n", b="n",
     gradient=False)
# (rows, inner, columns, columns of a panel)
for i, k, j, width in [(1, 1, 1, 1), (1, 7, 5, 4), (3, 9, 16, 8), (17, 5, 9, 16),
                       (8, 33, 7, 3), (1, 1000, 70, 64), (70, 600, 90, 16),
                       ("N", 31, 20, 16), ("N", 3, 10, 8), (13, 2, 48, 24)]:
    case("matmul_panels", real(i, k), real(-(-j // width), k, width),
         columns=j, gradient=False)
for op in ("sum", "mean", "max_of"):
    case(op, real(1000, data="distinct"), axes=(0,), gradient=False)
    case(op, real(130, 70), axes=(0,), gradient=False)
    case(op, real(130, 70), axes=(1,), gradient=False)
