# RUN: %python %s
"""Three steps of training two encoder layers of a transformer equal
PyTorch's to 1e-9 in f64."""
import sys
import tempfile

import torch

import model
from compare import close, finish
from emitted import ROOT

sys.path.insert(0, f"{ROOT}/bench")
import peers  # noqa: E402

torch.set_default_dtype(torch.float64)
torch.manual_seed(7)
STEPS, N, T, D = 3, 3, 5, 12
with open(f"{ROOT}/bench/models/transformer.dl") as f:
    SOURCE = f.read()
SOURCE = SOURCE[:SOURCE.index("model ")] + f"""
model net {{
  input x : real[N, {T}, {D}];
  input y : real[N, {T}, {D}];
  output z = x |> encoder{{3, 20}} |> encoder{{2, 16}};
  loss J = mse(z, y);
  train step {{ minimize J; using sgd{{lr = 0.5}}; }}
}}
"""
net = torch.nn.Sequential(peers.Encoder(D, 3, 20), peers.Encoder(D, 2, 16))
optimiser = torch.optim.SGD(net.parameters(), 0.5)
with tempfile.TemporaryDirectory() as folder:
    path = f"{folder}/net.dl"
    with open(path, "w") as f:
        f.write(SOURCE)
    ours = model.Model(model.build(folder, path, "--real=f64",
                                   "--entries=infer,step"), "net")
    ours.init(seed=1)
    ours.params.fill(peers.weights_of(net))
    for i in range(STEPS):
        x, y = torch.randn(N, T, D), torch.randn(N, T, D)
        optimiser.zero_grad()
        loss = torch.nn.functional.mse_loss(net(x), y)
        loss.backward()
        optimiser.step()
        _, losses = ours.call("step", {"x": x.numpy(), "y": y.numpy()})
        close(f"loss {i}", losses["J"], loss.item(), 1e-9)
        for k, v in peers.weights_of(net).items():
            close(f"step {i}: {k}", ours.params[k], v, 1e-9)
finish()
