"""A network of bench/models with PyTorch's weights against PyTorch."""
import sys

import numpy as np

from dlc_run import dlc_run
from emitted import ROOT

sys.path.insert(0, f"{ROOT}/bench")
import peers  # noqa: E402

TOLERANCE = 2e-5  # relative L2 error of a network of up to 60 layers


def check(name, batch=2, defines=(), level="-O0", **scale):
    net, x = peers.build(name, batch, **scale)
    source = f"{ROOT}/bench/models/{name}.dl"
    options = [f"-D{k}={v}" for k, v in (("N", batch), *defines)]
    got, weights, _ = dlc_run(source, "infer", {"x": x.numpy()}, *options,
                              weights=peers.weights_of(net), outputs=["y"],
                              level=level)
    want = peers.expected(net, x)
    assert set(weights) >= set(peers.weights_of(net))
    assert got["y"].shape == want.shape
    error = np.linalg.norm(got["y"] - want) / np.linalg.norm(want)
    print(f"{name}: relative error {error:.1e}, values of "
          f"{np.abs(want).mean():.2g}")
    assert np.ptp(want) > 0.1, "the outputs say nothing"
    assert error <= TOLERANCE
