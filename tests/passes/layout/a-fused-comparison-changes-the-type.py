# RUN: %python %s
"""Work fused into the loop that makes blocks may change the element type: the
C compiles, whatever is compared."""
import pathlib
import tempfile

from emitted import DLC, compile_c, run

folder = pathlib.Path(tempfile.mkdtemp())
(folder / "m.dlir").write_text("""stage typed
model m
real f32
func @f(%x: f32[2,6,5], %z: f32[2,2,5,4]) {
  %b = block %x {axis = 1, size = 4}
  %l = lt %b, 0.5
  %y = select %l, %z, 0.0
  %n = not %l
  return output %y, output %n
}
""")
run(DLC, folder / "m.dlir", "-o", folder / "m.c")
assert "block(" in (folder / "m.c").read_text()
compile_c([folder / "m.c"], folder / "m.so", [], "-O0")
