"""Cases of operators that only make sense between others: grad (so these are
second derivatives) and withgrad."""
from cases import formula, integer, real
from cases_elementwise import SHAPES

# sin, with a derivative declared on the side
for shape in SHAPES:
    formula("withgrad", """%s = sin %x0
                           %c = cos %x0
                           %y = withgrad %s, %x0, %c""", real(*shape))


def axes(x):
    return ", ".join(map(str, range(len(x.dims))))


# %f of x0: the gradient of the sum of its squares
def second(line, x, *more, rank=None):
    all_axes = ", ".join(map(str, range(rank))) if rank else axes(x)
    square = "%q = mul %f, %f"
    total = f"%e = sum %q {{axes = ({all_axes})}}"
    formula("grad", "\n".join([line, square, total, "%y = grad %e, %x0"]),
            x, *more)


for line, domain in [
        ("%f = tanh %x0", "smooth"), ("%f = exp %x0", "smooth"),
        ("%f = sigmoid %x0", "smooth"), ("%f = softplus %x0", "away"),
        ("%f = log %x0", "positive"), ("%f = pow %x0, 2.5", "positive"),
        ("%f = erf %x0", "smooth"),
        ("%s = sqrt %x0\n%f = sin %s", "positive"),
        ("%f = relu %x0", "away"), ("%f = div 1.0, %x0", "away")]:
    second(line, real(3, 5, data=domain))
    second(line, real("N", data=domain))
second("%f = softmax %x0", real(3, 5))
second("%f = softmax %x0", real(2, 1, 7))
second("%f = normalize %x0 {eps = 0.3}", real(3, 5))
second("%f = normalize %x0 {axes = 2, eps = 0.3}", real(2, 3, 4))
second("%f = logsumexp %x0", real(3, 5), rank=1)
second("%f = prod %x0 {axes = (1)}", real(3, 5, data="unit"), rank=1)
second("%f = prod %x0 {axes = (0, 2)}", real(2, 3, 2, data="whole"), rank=1)
second("%f = max_of %x0 {axes = (1)}", real(3, 5, data="distinct"), rank=1)
second("%f = mean %x0 {axes = (0)}", real("N", 3), rank=1)
second("%f = gather %x0, %x1", real(5, 2), integer(7, bound=5), rank=2)
second("%f = pick %x0, %x1", real(4, 3), integer(4, bound=3), rank=1)
second("%f = matmul %x0, %x1 {b = t}", real(3, 4), real(2, 4))
second("%f = matmul %x0, %x0", real(3, 3))
second("%f = conv %x0, %x1 {stride = (2), low = (1), high = (1)}",
       real(2, 3, 7), real(4, 3, 3))
second("%f = conv %x1, %x0 {dilate = (2, 1), groups = 2}",
       real(4, 1, 2, 3), real(1, 2, 5, 5))
second("%f = maxpool %x0 {size = (2, 2), stride = (2, 2)}",
       real(1, 2, 4, 5, data="distinct"))
second("%f = sumpool %x0 {size = (3), stride = (2), low = (1), high = (1)}",
       real(1, 2, 7))
second("%f = unfold %x0 {size = (3), stride = (2), low = (1)}",
       real(1, 2, 7), rank=4)
