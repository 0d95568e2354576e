# RUN: %python %s
"""rnn, gru, lstm and embed: every hidden state at inference and five steps of
training equal PyTorch's, to 1e-9 in f64 and 1e-5 in f32; they start in the
same range."""
import tempfile

import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F

import model
from compare import close, finish

STEPS, N, T, H = 5, 4, 6, 5
SOURCE = f"""dim N <= {N};
model net {{
  input w : int<9>[N, {T}];
  input y : int<3>[N];
  let x = w |> embed{{9, 7}};
  let a = x |> LAYER{{{H}, layers = 2}};
  output all = a;
  output z = a |> last |> dense{{3}};
  loss J = mean(xent(z, y)) + 0.1 * mean(a * a);
  train step {{ minimize J; using sgd{{lr = 0.5, momentum = 0.9}}; }}
}}
"""
KINDS = {"rnn": nn.RNN, "gru": nn.GRU, "lstm": nn.LSTM}
PARTS = {"weight_ih": "w_ih", "weight_hh": "w_hh", "bias_ih": "b_ih",
         "bias_hh": "b_hh"}


class Net(nn.Module):
    def __init__(self, kind):
        super().__init__()
        self.embed1 = nn.Embedding(9, 7)
        self.kind = kind
        self.net1 = KINDS[kind](7, H, 2, batch_first=True)
        self.dense1 = nn.Linear(H, 3)

    def forward(self, w):
        a, _ = self.net1(self.embed1(w))
        return a, self.dense1(a[:, -1])


def tensors(net):
    out = {}
    for key, v in net.state_dict().items():
        layer, member = key.split(".")
        if layer == "net1":
            part, level = member.rsplit("_l", 1)
            key = f"{net.kind}1.{net.kind}_level{int(level) + 1}.{PARTS[part]}"
        else:
            key = f"{layer}.{ {'weight': 'w', 'bias': 'b'}[member]}"
        out[key] = v.numpy().copy()
    return out


def check(kind, real, dtype, tolerance):
    torch.set_default_dtype(dtype)
    torch.manual_seed(8)
    net = Net(kind)
    with tempfile.TemporaryDirectory() as folder:
        path = f"{folder}/net.dl"
        with open(path, "w") as f:
            f.write(SOURCE.replace("LAYER", kind))
        ours = model.Model(model.build(folder, path, f"--real={real}",
                                        "--entries=infer,step"), "net")
        ours.init(seed=1)
        for k, v in tensors(net).items():
            start = ours.params[k]
            if "level" in k:
                edge = 1 / np.sqrt(H)
                assert np.abs(start).max() <= edge
                if start.size > 30:
                    assert np.abs(start).max() > 0.9 * edge, k
                    assert abs(start.mean()) < 0.3 * edge, k
            assert start.shape == v.shape and np.ptp(start) > 0, k
        assert set(tensors(net)) == set(ours.params.members)
        ours.params.fill(tensors(net))
        optimiser = torch.optim.SGD(net.parameters(), 0.5, momentum=0.9)
        for i in range(STEPS):
            w, y = torch.randint(9, (N, T)), torch.randint(3, (N,))
            words = w.numpy().astype("int32")
            a, z = net(w)
            got, _ = ours.call("infer", {"w": words},
                               {"all": (N, T, H), "z": (N, 3)})
            what = f"{kind} {real} step {i}"
            close(f"{what} all", got["all"], a.detach().numpy(), tolerance)
            close(f"{what} z", got["z"], z.detach().numpy(), tolerance)
            optimiser.zero_grad()
            loss = F.cross_entropy(z, y) + 0.1 * (a * a).mean()
            loss.backward()
            optimiser.step()
            _, losses = ours.call("step", {"w": words,
                                           "y": y.numpy().astype("int32")})
            close(f"{what} loss", losses["J"], loss.item(), tolerance)
            for k, v in tensors(net).items():
                close(f"{what} {k}", ours.params[k], v, tolerance)


for kind in KINDS:
    check(kind, "f64", torch.float64, 1e-9)
    check(kind, "f32", torch.float32, 1e-5)
finish()
