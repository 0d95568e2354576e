# RUN: %python %s
"""Batch and layer normalisation: five steps of training, the running
statistics after each, and inference equal PyTorch's to 1e-9 in f64, over
planes, lines and rows; gradient and update together make the same step."""
import tempfile

import torch
import torch.nn as nn
import torch.nn.functional as F

import model
from compare import close, finish

torch.set_default_dtype(torch.float64)
torch.manual_seed(6)
STEPS, N = 5, 6
SOURCE = """dim N <= 8;
model net {
  input x : real[N, 3, 6, 5];
  input y : int<4>[N];
  let a = x |> conv{5, 3, pad = 1, bias = false} |> batchnorm |> relu;
  let b = reshape(a, [N, 5, 30]) |> layernorm |> conv{4, 3} |> batchnorm{momentum = 0.3} |> tanh;
  let c = b |> layernorm{axes = 2, eps = 1e-3} |> flatten |> dense{7, bias = false}
            |> batchnorm{momentum = 0.2, eps = 1e-2} |> relu;
  output z = c |> dense{4};
  loss J = mean(xent(z, y));
  train step { minimize J; using sgd{lr = 0.1, momentum = 0.9}; }
}
"""


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(3, 5, 3, padding=1, bias=False)
        self.batchnorm1 = nn.BatchNorm2d(5)
        self.layernorm1 = nn.LayerNorm(30)
        self.conv2 = nn.Conv1d(5, 4, 3)
        self.batchnorm2 = nn.BatchNorm1d(4, momentum=0.3)
        self.layernorm2 = nn.LayerNorm((4, 28), eps=1e-3)
        self.dense1 = nn.Linear(112, 7, bias=False)
        self.batchnorm3 = nn.BatchNorm1d(7, eps=1e-2, momentum=0.2)
        self.dense2 = nn.Linear(7, 4)
        for k, p in self.named_parameters():
            if "norm" in k:
                nn.init.uniform_(p, 0.5, 1.5)

    def forward(self, x):
        x = F.relu(self.batchnorm1(self.conv1(x))).flatten(2)
        x = self.batchnorm2(self.conv2(self.layernorm1(x))).tanh()
        x = self.dense1(self.layernorm2(x).flatten(1))
        return self.dense2(F.relu(self.batchnorm3(x)))


OURS = {"weight": "w", "bias": "b", "running_mean": "mean",
        "running_var": "var"}


def tensors(net):
    out = {}
    for key, v in net.state_dict().items():
        layer, member = key.split(".")
        if member in OURS:
            out[f"{layer}.{OURS[member]}"] = v.numpy().copy()
    return out


def compare(what, ours, net):
    want = tensors(net)
    assert set(ours.params.members) == set(want)
    for k, v in want.items():
        close(f"{what}: {k}", ours.params[k], v, 1e-9)


net = Net()
xs, ys = 2 * torch.randn(STEPS, N, 3, 6, 5) + 1, torch.randint(4, (STEPS, N))
with tempfile.TemporaryDirectory() as folder:
    path = f"{folder}/net.dl"
    with open(path, "w") as f:
        f.write(SOURCE)
    library = model.build(folder, path, "--real=f64")
    whole, parts = (model.Model(library, "net") for _ in range(2))
    for m in (whole, parts):
        m.init(seed=1)
        assert (m.params["batchnorm1.mean"] == 0).all()
        assert (m.params["batchnorm1.var"] == 1).all()
        m.params.fill(tensors(net))
    optimiser = torch.optim.SGD(net.parameters(), 0.1, momentum=0.9)
    count = library.macros["NET_STEP_GRADIENT_COUNT"]
    assert count == sum(p.numel() for p in net.parameters())
    for i, (x, y) in enumerate(zip(xs, ys)):
        optimiser.zero_grad()
        loss = F.cross_entropy(net(x), y)
        loss.backward()
        optimiser.step()
        inputs = {"x": x.numpy(), "y": y.numpy().astype("int32")}
        _, losses = whole.call("step", inputs)
        close(f"loss {i}", losses["J"], loss.item(), 1e-9)
        compare(f"step {i}", whole, net)
        g, _ = parts.call("step_gradient", inputs,
                          {"gradient": (count,)}, block="step")
        parts.call("step_update", g, block="step")
        compare(f"halves of step {i}", parts, net)
    net.eval()
    z, _ = whole.call("infer", {"x": xs[0].numpy()}, {"z": (N, 4)})
    close("inference", z["z"], net(xs[0]).detach().numpy(), 1e-9)
    _, values = whole.call("eval", {"x": xs[0].numpy(),
                                    "y": ys[0].numpy().astype("int32")})
    close("evaluation", values["J"], F.cross_entropy(net(xs[0]), ys[0]).item(),
          1e-9)
finish()
