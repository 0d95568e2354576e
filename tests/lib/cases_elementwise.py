"""Cases of the operators that work element by element."""
from cases import case, integer, real, truth

SHAPES = [(), (1,), (2,), (7,), (16,), (17,), (33,), (64,), (1, 1), (1, 9),
          (9, 1), (3, 5), (8, 8), (2, 1, 3), (5, 7, 3), (2, 3, 4, 5),
          (1, 1, 1, 1, 1), ("N",), ("N", 3), ("N", 1, 5)]

# The longer shape gives the result; the other has its trailing axes.
PAIRS = [((), ()), ((1,), (1,)), ((7,), (7,)), ((16,), (16,)), ((33,), (33,)),
         ((3, 5), (3, 5)), ((2, 3, 4), (2, 3, 4)), ((5,), ()), ((), (5,)),
         ((3, 5), (5,)), ((5,), (3, 5)), ((3, 1), (1,)), ((1, 1), (1,)),
         ((2, 3, 4), (4,)), ((2, 3, 4), (3, 4)), ((4,), (2, 3, 4)),
         ((2, 3, 4), ()), (("N", 3), (3,)), ((3,), ("N", 3)),
         (("N", 2, 3), ("N", 2, 3)), (("N",), ())]

ONE = {"neg": "smooth", "abs": "away", "sign": "away", "floor": "fraction",
       "sqrt": "positive", "exp": "smooth", "log": "positive",
       "log1p": "positive", "tanh": "smooth", "erf": "smooth",
       "sin": "smooth", "cos": "smooth", "relu": "away",
       "sigmoid": "smooth", "softplus": "away", "real": "smooth",
       "stop": "smooth"}
TWO = {"add": ("smooth", "smooth"), "sub": ("smooth", "smooth"),
       "mul": ("smooth", "smooth"), "div": ("smooth", "away"),
       "pow": ("positive", "smooth"), "min": ("even", "odd"),
       "max": ("even", "odd")}
COMPARE = ["lt", "le", "eq", "ne"]

for op, domain in ONE.items():
    for shape in SHAPES:
        case(op, real(*shape, data=domain), gradient=op not in ("real", "stop"))
for op, (x, y) in TWO.items():
    for a, b in PAIRS:
        case(op, real(*a, data=x), real(*b, data=y))
    case(op, real(2, 3, data=x), 0.75)
    case(op, 0.75, real(2, 3, data=y))
for exponent in (2.0, 3.0, 0.5, 1.5, -1.0, -0.5, 4.0, -0.75, 2.5):
    case("pow", real(3, 5, data="positive"), exponent)
case("pow", real(3, 5, data="away"), 2.0)
case("pow", real(3, 5, data="away"), 3.0)

for shape in SHAPES:
    case("real", integer(*shape), gradient=False)
    case("real", truth(*shape), gradient=False)
    case("int", real(*shape, data="fraction"), gradient=False)
    case("not", truth(*shape), gradient=False)
    case("select", truth(*shape), real(*shape), real(*shape))
for a, b in PAIRS:
    for op in COMPARE:
        case(op, real(*a, data="whole"), real(*b, data="whole"),
             gradient=False)
        case(op, integer(*a, bound=3), integer(*b, bound=3), gradient=False)
    for op in ("and", "or"):
        case(op, truth(*a), truth(*b), gradient=False)
    for op in ("add", "sub", "mul", "min", "max"):
        case(op, integer(*a), integer(*b), gradient=False)
    case("select", truth(*b), real(*a), real(*b))
    case("select", truth(*a), real(*b), 0.0)
    case("select", truth(*a), real(*b), real(*a), gradient=False)
for shape in SHAPES[:6]:
    case("neg", integer(*shape), gradient=False)
    case("abs", integer(*shape), gradient=False)
for a, b in PAIRS:
    if len(a) >= len(b):
        case("withgrad", real(*a), real(*b), real(*b), gradient=False)
