"""Convolutions that are measured one by one: those of the marks, and a grid
of 200 that a formula fixes, half of them from real networks, half odd ones.
"""
from dataclasses import astuple, dataclass


@dataclass(frozen=True)
class Shape:
    """c channels of h x w to o channels; h = 0 is one axis of w."""
    c: int
    o: int
    h: int
    w: int
    kh: int
    kw: int
    stride: int = 1
    pad: int = 0
    groups: int = 1
    dilation: int = 1

    @property
    def line(self):
        return self.h == 0

    @property
    def name(self):
        kernel = f"{self.kw}" if self.line else f"{self.kh}x{self.kw}"
        image = f"{self.w}" if self.line else f"{self.h}x{self.w}"
        text = f"k{kernel}_{self.c}to{self.o}_at{image}"
        for letter, value, usual in (("s", self.stride, 1),
                                     ("p", self.pad, 0),
                                     ("g", self.groups, 1),
                                     ("d", self.dilation, 1)):
            if value != usual:
                text += f"_{letter}{value}"
        return text

    @property
    def title(self):
        kernel = f"{self.kw}" if self.line else f"{self.kh}×{self.kw}"
        kind = ", depthwise" if self.groups == self.c > 1 else ""
        return f"{kernel}, {self.c} → {self.o} at {self.w}{kind}"

    def out(self, size, k):
        reach = self.dilation * (k - 1) + 1
        return (size + 2 * self.pad - reach) // self.stride + 1

    @property
    def places(self):
        wide = self.out(self.w, self.kw)
        return wide if self.line else wide * self.out(self.h, self.kh)

    @property
    def flops(self):
        return (2 * self.places * self.o * self.c // self.groups * self.kw *
                (1 if self.line else self.kh))

    @property
    def sample(self):
        return ((self.c, self.w) if self.line else (self.c, self.h, self.w))

    def source(self, batch=1):
        size = (f"[{batch}, {self.c}, {self.w}]" if self.line else
                f"[{batch}, {self.c}, {self.h}, {self.w}]")
        k = str(self.kw) if self.line else f"[{self.kh}, {self.kw}]"
        more = "".join(f", {key} = {value}" for key, value, usual in (
            ("stride", self.stride, 1), ("pad", self.pad, 0),
            ("groups", self.groups, 1), ("dilation", self.dilation, 1))
            if value != usual)
        return (f"model {self.name} {{\n  input x : real{size};\n"
                f"  output y = x |> conv{{{self.o}, {k}{more}}};\n}}\n")


def square(c, o, at, k, stride=1, pad=None, groups=1, dilation=1):
    return Shape(c, o, at, at, k, k, stride, k // 2 if pad is None else pad,
                 groups, dilation)


# the mark each has to pass, in times the speed of ONNX Runtime
SINGLES = {
    square(64, 64, 56, 3): 2.3,
    square(128, 128, 28, 3): 2.3,
    square(256, 256, 14, 3): 2.3,
    square(64, 64, 56, 7): 4.0,
    square(64, 64, 56, 11): 10.0,
    square(16, 16, 64, 31): 50.0,
    Shape(1, 1, 0, 16384, 1, 1024): 70.0,
    square(64, 64, 56, 3, groups=64): 3.0,
    square(256, 64, 56, 1): 1.15,
    square(512, 128, 28, 1): 1.15,
}


def _real():
    """Every convolution of networks that people use."""
    yield square(3, 64, 224, 11, 4, 2)  # AlexNet
    yield square(64, 192, 27, 5)
    yield square(192, 384, 13, 3)
    yield square(384, 256, 13, 3)
    yield square(256, 256, 13, 3)
    yield square(1, 6, 28, 5)  # LeNet-5
    yield square(6, 16, 14, 5, pad=0)
    yield square(3, 64, 224, 7, 2)  # ResNet-50
    i = 64
    for stage, at in enumerate((56, 28, 14, 7)):
        w = 64 << stage
        before = at if stage == 0 else 2 * at
        yield square(i, w, before, 1)
        yield square(w, w, before, 3, 2 if stage else 1)
        yield square(w, w, at, 3)
        yield square(w, 4 * w, at, 1)
        yield square(4 * w, w, at, 1)
        yield square(i, 4 * w, before, 1, 2 if stage else 1)
        i = 4 * w
    yield square(64, 192, 56, 3)  # GoogLeNet
    for i, at, n1, r3, n3, r5, n5, p in (
            (192, 28, 64, 96, 128, 16, 32, 32),
            (256, 28, 128, 128, 192, 32, 96, 64),
            (480, 14, 192, 96, 208, 16, 48, 64),
            (512, 14, 160, 112, 224, 24, 64, 64),
            (528, 14, 256, 160, 320, 32, 128, 128),
            (832, 7, 384, 192, 384, 48, 128, 128)):
        yield square(i, n1, at, 1)
        yield square(r3, n3, at, 3)
        yield square(r5, n5, at, 5)
        yield square(i, r5, at, 1)
        yield square(i, p, at, 1)
    i, at = 8, 48  # MobileNet-v1 at a quarter
    yield square(3, 8, 96, 3, 2)
    for o, stride in ((16, 1), (32, 2), (32, 1), (64, 2), (64, 1), (128, 2),
                      (128, 1), (256, 2), (256, 1)):
        yield square(i, i, at, 3, stride, groups=i)
        at //= stride
        yield square(i, o, at, 1)
        i = o
    yield Shape(1, 64, 49, 10, 10, 4, 2, 5)  # keyword spotting
    yield Shape(64, 64, 25, 5, 3, 3, 1, 1, 64)
    yield Shape(64, 64, 25, 5, 1, 1)
    for i, o, at in ((3, 64, 112), (64, 128, 56), (128, 256, 28),
                     (512, 512, 14)):  # VGG at half the size
        yield square(i, o, at, 3)
    for i, o in ((16, 64), (32, 128), (64, 256)):  # one axis: sound
        yield Shape(i, o, 0, 4096, 1, 9, 2, 4)
        yield Shape(o, o, 0, 1024, 1, 3, 1, 1)
        yield Shape(i, i, 0, 2048, 1, 15, 1, 7, i)


def _odd(count):
    """Shapes drawn by a fixed generator; none over half a GFLOP."""
    state = 1

    def draw(*choices):
        nonlocal state
        state = (state * 6364136223846793005 + 1442695040888963407) % 2**64
        return choices[(state >> 33) % len(choices)]
    found = 0
    while found < count:
        c, o = (draw(1, 3, 5, 8, 16, 17, 24, 32, 48, 64, 96, 128)
                for _ in range(2))
        h, w = (draw(7, 13, 14, 27, 28, 32, 33, 56, 64, 100)
                for _ in range(2))
        k = draw(1, 3, 3, 3, 5, 5, 7, 9, 11, 15, 31)
        stride, dilation = draw(1, 1, 1, 2, 3), draw(1, 1, 1, 1, 2)
        pad, kind = draw(0, k // 2), draw("plane", "plane", "plane", "depth",
                                          "line")
        if kind == "depth":
            s = Shape(c, c, h, w, k, k, stride, pad, c, dilation)
        elif kind == "line":
            k = draw(3, 5, 17, 64, 255)
            s = Shape(c, o, 0, h * w, 1, k, stride, pad, 1, dilation)
        else:
            s = Shape(c, o, h, w, k, k, stride, pad, 1, dilation)
        reach = dilation * (k - 1) + 1
        if reach > s.w + 2 * s.pad or (not s.line and
                                       reach > s.h + 2 * s.pad):
            continue
        if s.flops <= 5e8:
            found += 1
            yield s


def grid(count=200):
    """Real ones and odd ones in turn, so that a shorter grid holds both."""
    real = list(dict.fromkeys(_real()))[:count // 2]
    odd = []
    for s in _odd(10 * count):
        if s not in real and s not in odd:
            odd.append(s)
        if len(odd) == count - len(real):
            break
    mixed = [s for pair in zip(real, odd) for s in pair]
    return mixed + odd[len(real):]


ALL = {s.name: s for s in [*SINGLES, *grid()]}


if __name__ == "__main__":
    for shape in grid():
        print(shape.name, *astuple(shape), f"{shape.flops / 1e6:.1f} MFLOP")
