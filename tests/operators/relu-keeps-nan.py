# RUN: %python %s
"""A relu behind a convolution is 0 below 0, without a sign, and keeps a NaN, as
vectors and as plain C."""
import pathlib
import tempfile

import numpy as np

from emitted import CC, Library, compile_c, generate

SOURCE = """stage typed
model relu
real f32
func @blocks(%x: f32[1,1,2,5,8], %w: f32[1,1,1,1,8,8]) {
  %c = conv_blocked %x, %w
  %y = relu %c
  return %y
}
func @depthwise(%x: f32[1,1,2,5,8], %w: f32[1,1,1,8]) {
  %c = conv_depthwise %x, %w
  %y = relu %c
  return %y
}
"""


def main():
    rng = np.random.default_rng(5)
    x = rng.uniform(-1, 1, (1, 1, 2, 5, 8)).astype(np.float32)
    x[0, 0, 1, 2] = np.nan
    x[0, 0, 0, 3] = 0
    weights = {"blocks": -np.eye(8, dtype=np.float32).reshape(1, 1, 1, 1, 8, 8),
               "depthwise": -np.ones((1, 1, 1, 8), np.float32)}
    with tempfile.TemporaryDirectory() as folder:
        source = pathlib.Path(folder) / "relu.dlir"
        source.write_text(SOURCE)
        for cc, level in ((CC, "-O3"), ("gcc", "-O3"), ("tcc", "-O0")):
            c = generate(source, [], source.with_suffix(".c"))
            assert "relu_above_f32(" in c.read_text()
            library = Library(compile_c([c], source.with_suffix(f".{cc}.so"),
                                        level=level, cc=cc),
                              [source.with_suffix(".h")])
            for name, w in weights.items():
                got = library[f"relu_{name}"]({"x": x, "w": w},
                                              {"y": x.shape})["y"]
                want = np.where(x > 0, np.float32(0), -x)
                assert np.array_equal(got, want, equal_nan=True), (cc, name)
                assert not np.signbit(got[x > 0]).any(), (cc, name)
        print("the same with every compiler")


main()
