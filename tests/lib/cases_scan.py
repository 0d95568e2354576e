"""Cases of scan: %y is made of a loop's results; gradients only."""
from cases import CASES, Formula, integer, real


class Loop(Formula):
    """IR lines that end with %y of the given sizes."""

    def __init__(self, name, lines, dims, *inputs):
        super().__init__(name, lines, *inputs)
        self.dims = dims

    def before(self, real):
        return [line.replace("REAL", real) for line in self.lines[:-1]]

    def result_dims(self):
        return self.dims


def loop(lines, dims, *inputs):
    """`REAL` stands for the element type; a missing type of an argument is
    of no concern: all are written."""
    lines = [line.strip() for line in lines.strip().split("\n")]
    CASES.setdefault("scan", []).append(Loop("scan", lines, dims, *inputs))


# One carry, a sequence along axis 0 or 1, the last value or all values.
for along, sizes in [(0, (6, 4)), (0, (1, 3)), (0, ("N", 3)), (1, (3, 5)),
                     (1, ("N", 4))]:
    rest = [d for i, d in enumerate(sizes) if i != along]
    t = f"REAL[{rest[0]}]"
    body = f"""
    %s = scan %x0, %x1 {{carries = 1, along = ({along}), count = ({sizes[along]}), emits = ({along})}} (%h: {t}, %xt: {t}, %t: i32) {{
    %a = mul %h, %xt
    %h1 = tanh %a
    yield %h1, %a
    }}
    """
    loop(body + "%y = result %s {index = 0}", rest, real(*rest), real(*sizes))
    loop(body + "%y = result %s {index = 1}", list(sizes), real(*rest),
         real(*sizes))

# A recurrent layer, its weights from outside, %u transformed outside; the mean
# of each turn; both stacks and the last value used.
loop("""
    %u = exp %x3
    %s = scan %x0, %x1 {carries = 1, along = (1), count = 6, emits = (1, 0)} (%h: REAL[N,4], %xt: REAL[N,3], %t: i32) {
    %p = matmul %xt, %x2 {b = t}
    %q = matmul %h, %u {b = t}
    %z0 = add %p, %q
    %z = add %z0, %x4
    %h1 = tanh %z
    %m = mean %h1 {axes = (0, 1)}
    yield %h1, %h1, %m
    }
    %last = result %s {index = 0}
    %hs = result %s {index = 1}
    %ms = result %s {index = 2}
    %k = mul %u, %u
    %kk = sum %k {axes = (0)}
    %b = sum %hs {axes = (1)}
    %c = sum %ms {axes = (0)}
    %d = mul %b, %last
    %f = mul %d, %c
    %y = add %f, %kk
    """, ["N", 4], real("N", 4), real("N", 6, 3), real(4, 3), real(4, 4),
     real(4))

# Weights transposed in each way, on either side.
for a in "nt":
    for b in "nt":
        loop(f"""
        %s = scan %x0 {{carries = 1, count = 4}} (%h: REAL[3,3], %t: i32) {{
        %g = sin %h
        %p = matmul %g, %x1 {{a = {a}, b = {b}}}
        %q = matmul %x2, %p {{a = {b}, b = {a}}}
        yield %q
        }}
        %y = result %s {{index = 0}}
        """, [3, 3], real(3, 3), real(3, 3), real(3, 3))

# Products with a column, with a row; a batch of matrices; a sequence as the
# other factor, cut along the axis before or behind the inner one.
loop("""
    %s = scan %x0 {carries = 1, count = 5} (%h: REAL[4], %t: i32) {
    %c = reshape %h {shape = (4, 1)}
    %p = matmul %x1, %c
    %r = reshape %p {shape = (4)}
    %h1 = tanh %r
    yield %h1
    }
    %y = result %s {index = 0}
    """, [4], real(4), real(4, 4))
loop("""
    %s = scan %x0 {carries = 1, count = 5} (%h: REAL[1,4], %t: i32) {
    %p = matmul %h, %x1 {b = t}
    %h1 = tanh %p
    yield %h1
    }
    %y = result %s {index = 0}
    """, [1, 4], real(1, 4), real(4, 4))
loop("""
    %s = scan %x0 {carries = 1, count = 3} (%h: REAL[2,3,3], %t: i32) {
    %p = matmul %h, %x1 {b = t}
    %q = matmul %x2, %p
    %h1 = tanh %q
    yield %h1
    }
    %y = result %s {index = 0}
    """, [2, 3, 3], real(2, 3, 3), real(2, 3, 3), real(2, 3, 3))
for along, sizes in [(0, (3, 4, 2)), (1, (4, 3, 2))]:
    loop(f"""
    %s = scan %x0, %x1 {{carries = 1, along = ({along}), count = 3}} (%h: REAL[4,5], %xt: REAL[4,2], %t: i32) {{
    %p = matmul %xt, %x2
    %q = mul %p, %h
    yield %q
    }}
    %y = result %s {{index = 0}}
    """, [4, 5], real(4, 5), real(*sizes), real(2, 5))
loop("""
    %s = scan %x0, %x1 {carries = 1, along = (2), count = 3} (%h: REAL[4,5], %xt: REAL[5,2], %t: i32) {
    %p = matmul %x2, %xt {b = t}
    %q = matmul %h, %p
    %h1 = tanh %q
    yield %h1
    }
    %y = result %s {index = 0}
    """, [4, 5], real(4, 5), real(5, 2, 3), real(5, 2))

# A bias of the batch, a scalar, a table read by numbers: no products.
loop("""
    %s = scan %x0, %x3 {carries = 1, along = (0), count = 6} (%h: REAL[N,3], %i: i32<5>, %t: i32) {
    %e = gather %x1, %i
    %a = mul %h, %e
    %b = add %a, %x2
    yield %b
    }
    %y = result %s {index = 0}
    """, ["N", 3], real("N", 3, data="unit"), real(5, 3, data="unit"), real(),
     integer(6, bound=5))

# The turn; a run-time number of turns; a carry that needs no gradient, one
# that nothing reads, and one that comes from another's last value.
loop("""
    %s = scan %x0, 1.0, %x1, %x2 {carries = 3, along = (0), count = (N), emits = (1)} (%a: REAL, %k: REAL, %u: REAL[2], %xt: REAL[2], %t: i32) {
    %r = real %t
    %b = mul %a, 0.5
    %c = add %b, %r
    %k1 = mul %k, 1.1
    %d = mul %c, %k
    %vv = mul %xt, %d
    %u1 = sin %u
    yield %c, %k1, %u1, %vv
    }
    %y = result %s {index = 3}
    """, [2, "N"], real(), real(2), real("N", 2))
loop("""
    %s = scan %x0, %x1, %x2 {carries = 3, count = 5} (%a: REAL[3], %b: REAL[3], %c: REAL[3], %t: i32) {
    %d = mul %a, %b
    %e = tanh %d
    yield %b, %c, %e
    }
    %p = result %s {index = 0}
    %q = result %s {index = 2}
    %y = mul %p, %q
    """, [3], real(3, data="unit"), real(3, data="unit"),
     real(3, data="unit"))

# The body's results are what came in: a constant, an argument, a value from
# outside; the turns run backwards.
loop("""
    %o = exp %x1
    %s = scan %x0, %x1, %x2 {carries = 2, along = (0), count = 3, emits = (0, 0, 1), order = backward} (%a: REAL[4], %b: REAL[4], %xt: REAL[4], %t: i32) {
    %c = mul %a, %xt
    yield %c, %o, %o, %xt, %b
    }
    %a1 = result %s {index = 0}
    %b1 = result %s {index = 1}
    %os = result %s {index = 2}
    %xs = result %s {index = 3}
    %bs = result %s {index = 4}
    %f = mul %a1, %b1
    %g = mul %os, %xs
    %h = add %g, %f
    %i = transpose %bs {perm = (1, 0)}
    %y = mul %h, %i
    """, [3, 4], real(4), real(4), real(3, 4))

# A scan inside of a scan; what is captured by both; windows, choices, pools.
loop("""
    %s = scan %x0, %x1 {carries = 1, along = (0), count = 3, emits = (0)} (%a: REAL[2,2], %xt: REAL[4,2,2], %t: i32) {
    %r = real %t
    %i = scan %a, %xt {carries = 1, along = (0), count = 4, emits = (0)} (%b: REAL[2,2], %xu: REAL[2,2], %u: i32) {
    %vv = matmul %b, %x2
    %w = mul %vv, %xu
    %z = add %w, %r
    %f = sin %z
    yield %f, %b
    }
    %end = result %i {index = 0}
    %all = result %i {index = 1}
    %m = sum %all {axes = (0)}
    %n = mul %m, %a
    yield %end, %n
    }
    %a1 = result %s {index = 0}
    %ms = result %s {index = 1}
    %y = mul %ms, %a1
    """, [3, 2, 2], real(2, 2), real(3, 4, 2, 2), real(2, 2))
loop("""
    %s = scan %x0, %x1 {carries = 1, along = (0), count = 3, emits = (0)} (%h: REAL[1,2,8], %xt: REAL[8], %t: i32) {
    %c = conv %h, %x2 {low = (1), high = (1)}
    %p = mul %c, %xt
    %q = relu %p
    %g = softmax %q
    %ll = slice %g {start = (0, 0, 0), stop = (1, 2, 4)}
    %k = concat %ll, %ll {axis = 2}
    %w = add %k, %c
    yield %w, %g
    }
    %a1 = result %s {index = 0}
    %gs = result %s {index = 1}
    %y = mul %gs, %a1
    """, [3, 1, 2, 8], real(1, 2, 8), real(3, 8), real(2, 2, 3))

# A gradient inside of the body: second order through the loop.
loop("""
    %s = scan %x0 {carries = 1, count = 4} (%z: REAL[2], %t: i32) {
    %r = reshape %z {shape = (1, 2)}
    %m = matmul %r, %x1
    %n = sin %m
    %e = sum %n {axes = (0, 1)}
    %g = grad %e, %z
    %d = mul 0.1, %g
    %z1 = sub %z, %d
    yield %z1
    }
    %y = result %s {index = 0}
    """, [2], real(2), real(2, 2))

# A gradient of the loop, differentiated again.
loop("""
    %s = scan %x0, %x1 {carries = 1, along = (0), count = 3, emits = (0)} (%h: REAL[2,2], %xt: REAL[2,2], %t: i32) {
    %m = matmul %h, %x2
    %z = add %m, %xt
    %h1 = tanh %z
    yield %h1, %z
    }
    %hl = result %s {index = 0}
    %zs = result %s {index = 1}
    %q = mul %zs, %hl
    %e = sum %q {axes = (0, 1, 2)}
    %ga = grad %e, %x0
    %gb = grad %e, %x2
    %y = mul %ga, %gb
    """, [2, 2], real(2, 2), real(3, 2, 2), real(2, 2))
