"""safetensors files: eight bytes of length, a JSON header, the data."""
import json
import struct

import numpy as np

_TO_NUMPY = {"F32": np.float32, "F64": np.float64, "I32": np.int32,
             "I64": np.int64, "U8": np.uint8, "BOOL": np.bool_}
_TO_NAME = {np.dtype(v): k for k, v in _TO_NUMPY.items()}


def save(path, arrays):
    header, at = {}, 0
    arrays = {k: np.asarray(v, order="C") for k, v in arrays.items()}
    for name, a in arrays.items():
        header[name] = {"dtype": _TO_NAME[a.dtype], "shape": list(a.shape),
                        "data_offsets": [at, at + a.nbytes]}
        at += a.nbytes
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    with open(path, "wb") as f:
        f.write(struct.pack("<Q", len(text)) + text)
        for a in arrays.values():
            f.write(a.tobytes())


def load(path):
    with open(path, "rb") as f:
        (length,) = struct.unpack("<Q", f.read(8))
        header = json.loads(f.read(length))
        data = f.read()
    header.pop("__metadata__", None)
    return {name: np.frombuffer(data[slice(*t["data_offsets"])],
                                _TO_NUMPY[t["dtype"]]).reshape(t["shape"])
            for name, t in header.items()}
