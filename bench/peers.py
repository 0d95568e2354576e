"""The networks of bench/models written in PyTorch, with the names dlc gives
parameters; writes their weights, an input and the output it expects.

    python3 bench/peers.py mobilenet025 --batch=1 --out=build/bench --onnx
    dlc run bench/models/mobilenet025.dl --weights=build/bench/mobilenet025.safetensors
        --input x=build/bench/mobilenet025.x.npy --output y=y.npy

Weights are drawn so that signals keep their size to the last layer; running
statistics are those of one batch of noise. The large ones can be made
narrower, as -D WIDTH=.. does for the models.
"""
import argparse
import math
import pathlib
import sys

import numpy as np
import torch
import torch.nn as nn

ROOT = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests" / "lib"))


def conv_relu(i, o, k, stride=1, pad=0):
    return nn.Sequential(nn.Conv2d(i, o, k, stride, pad), nn.ReLU())


def conv_norm(i, o, k, stride=1, pad=0, groups=1):
    return nn.Sequential(
        nn.Conv2d(i, o, k, stride, pad, groups=groups, bias=False),
        nn.BatchNorm2d(o))


def mlp():
    return nn.Sequential(
        nn.Flatten(1), nn.Linear(784, 512), nn.ReLU(), nn.Linear(512, 512),
        nn.ReLU(), nn.Linear(512, 10))


def lenet():
    return nn.Sequential(
        nn.Conv2d(1, 6, 5, padding=2), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(6, 16, 5), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(1),
        nn.Linear(400, 120), nn.ReLU(), nn.Linear(120, 84), nn.ReLU(),
        nn.Linear(84, 10))


def alexnet(width=64, hidden=4096):
    def pool():
        return nn.MaxPool2d(3, 2)

    w = width
    return nn.Sequential(
        conv_relu(3, w, 11, 4, 2), pool(), conv_relu(w, 3 * w, 5, 1, 2),
        pool(), conv_relu(3 * w, 6 * w, 3, 1, 1),
        conv_relu(6 * w, 4 * w, 3, 1, 1), conv_relu(4 * w, 4 * w, 3, 1, 1),
        pool(), nn.Flatten(1), nn.Dropout(), nn.Linear(144 * w, hidden),
        nn.ReLU(), nn.Dropout(), nn.Linear(hidden, hidden), nn.ReLU(),
        nn.Linear(hidden, 1000))


class Inception(nn.Module):
    def __init__(self, i, n1, r3, n3, r5, n5, pool):
        super().__init__()
        self.a = conv_relu(i, n1, 1)
        self.b = nn.Sequential(conv_relu(i, r3, 1), conv_relu(r3, n3, 3, 1, 1))
        self.c = nn.Sequential(conv_relu(i, r5, 1), conv_relu(r5, n5, 5, 1, 2))
        self.d = nn.Sequential(nn.MaxPool2d(3, 1, 1), conv_relu(i, pool, 1))

    def forward(self, x):
        return torch.cat([self.a(x), self.b(x), self.c(x), self.d(x)], 1)


def googlenet(width=16):
    def wide(n):
        return n * width // 16

    def pool():
        return nn.MaxPool2d(3, 2, 1)

    layers = [conv_relu(3, wide(64), 7, 2, 3), pool(),
              conv_relu(wide(64), wide(64), 1),
              conv_relu(wide(64), wide(192), 3, 1, 1), pool()]
    i = wide(192)
    for sizes in ((64, 96, 128, 16, 32, 32), (128, 128, 192, 32, 96, 64), None,
                  (192, 96, 208, 16, 48, 64), (160, 112, 224, 24, 64, 64),
                  (128, 128, 256, 24, 64, 64), (112, 144, 288, 32, 64, 64),
                  (256, 160, 320, 32, 128, 128), None,
                  (256, 160, 320, 32, 128, 128),
                  (384, 192, 384, 48, 128, 128)):
        if not sizes:
            layers.append(pool())
            continue
        n1, r3, n3, r5, n5, p = map(wide, sizes)
        layers.append(Inception(i, n1, r3, n3, r5, n5, p))
        i = n1 + n3 + n5 + p
    return nn.Sequential(*layers, nn.AvgPool2d(7), nn.Flatten(1),
                         nn.Linear(i, 1000))


class Bottleneck(nn.Module):
    def __init__(self, i, w, stride):
        super().__init__()
        self.long = nn.Sequential(
            conv_norm(i, w, 1), nn.ReLU(), conv_norm(w, w, 3, stride, 1),
            nn.ReLU(), conv_norm(w, 4 * w, 1))
        changes = stride != 1 or i != 4 * w
        self.short = conv_norm(i, 4 * w, 1, stride) if changes else None

    def forward(self, x):
        short = self.short(x) if self.short else x
        return torch.relu(self.long(x) + short)


def resnet50(width=64):
    layers = [conv_norm(3, width, 7, 2, 3), nn.ReLU(), nn.MaxPool2d(3, 2, 1)]
    i = width
    for k, count in enumerate((3, 4, 6, 3)):
        w = width << k
        for block in range(count):
            layers.append(Bottleneck(i, w, 2 if k and block == 0 else 1))
            i = 4 * w
    return nn.Sequential(*layers, nn.AvgPool2d(7), nn.Flatten(1),
                         nn.Linear(i, 1000))


def separable(i, o, stride):
    return [conv_norm(i, i, 3, stride, 1, i), nn.ReLU(), conv_norm(i, o, 1),
            nn.ReLU()]


def mobilenet025():
    """MobileNet-v1 at a quarter of its width, 96 x 96 pixels, two classes:
    the visual wake words network of MLPerf Tiny."""
    layers, i = [conv_norm(3, 8, 3, 2, 1), nn.ReLU()], 8
    for o, stride in ((16, 1), (32, 2), (32, 1), (64, 2), (64, 1), (128, 2),
                      (128, 1), (128, 1), (128, 1), (128, 1), (128, 1),
                      (256, 2), (256, 1)):
        layers += separable(i, o, stride)
        i = o
    return nn.Sequential(*layers, nn.AvgPool2d(3), nn.Flatten(1),
                         nn.Linear(256, 2))


def dscnn():
    """The keyword spotting network of MLPerf Tiny: 49 x 10 cepstra."""
    layers = [conv_norm(1, 64, (10, 4), 2, (5, 1)), nn.ReLU()]
    for _ in range(4):
        layers += separable(64, 64, 1)
    return nn.Sequential(*layers, nn.AvgPool2d((25, 5)), nn.Flatten(1),
                         nn.Linear(64, 12))


class Attention(nn.Module):
    def __init__(self, d, heads):
        super().__init__()
        self.heads = heads
        self.q, self.k, self.v, self.o = (nn.Linear(d, d) for _ in range(4))

    def forward(self, x):
        n, t, d = (int(i) for i in x.shape)

        def split(a):
            return a.view(n, t, self.heads, d // self.heads).transpose(1, 2)

        scores = split(self.q(x)) @ split(self.k(x)).transpose(2, 3)
        weights = torch.softmax(scores * (1 / math.sqrt(d // self.heads)), -1)
        mixed = (weights @ split(self.v(x))).transpose(1, 2)
        return self.o(mixed.reshape(n, t, d))


class Encoder(nn.Module):
    """Attention, then two dense layers; the sum with what came in is
    normalised."""

    def __init__(self, d=256, heads=4, hidden=1024):
        super().__init__()
        self.attention, self.n1 = Attention(d, heads), nn.LayerNorm(d)
        self.up, self.down = nn.Linear(d, hidden), nn.Linear(hidden, d)
        self.n2 = nn.LayerNorm(d)

    def forward(self, x):
        x = self.n1(x + self.attention(x))
        return self.n2(x + self.down(torch.relu(self.up(x))))


def transformer():
    return nn.Sequential(*[Encoder() for _ in range(4)])


class Recurrent(nn.Module):
    def __init__(self):
        super().__init__()
        self.lstm = nn.LSTM(64, 256, 2, batch_first=True)
        self.top = nn.Linear(256, 10)

    def forward(self, x):
        h = x.new_zeros(2, int(x.shape[0]), 256)
        y, _ = self.lstm(x, (h, h.clone()))
        return self.top(y[:, -1])


# how to build it, and the shape of one sample
NETWORKS = {
    "mlp": (mlp, (1, 28, 28)),
    "lenet": (lenet, (1, 28, 28)),
    "dscnn": (dscnn, (1, 49, 10)),
    "mobilenet025": (mobilenet025, (3, 96, 96)),
    "transformer": (transformer, (128, 256)),
    "lstm": (Recurrent, (50, 64)),
    "alexnet": (alexnet, (3, 224, 224)),
    "googlenet": (googlenet, (3, 224, 224)),
    "resnet50": (resnet50, (3, 224, 224)),
}

_KINDS = {nn.Conv1d: "conv", nn.Conv2d: "conv", nn.Linear: "dense", nn.BatchNorm2d: "batchnorm",
          nn.LayerNorm: "layernorm", nn.LSTM: "lstm", Inception: "inception",
          Bottleneck: "bottleneck", Encoder: "encoder",
          Attention: "attention"}
_NAMED = (Attention,)  # parts of these are called in the source
_MEMBERS = {"weight": "w", "bias": "b", "running_mean": "mean",
            "running_var": "var"}


def levels_of(lstm, name):
    """Our names of the levels of an LSTM."""
    return {f"{name}.lstm_level{k + 1}.{ours}": getattr(lstm, f"{theirs}_l{k}")
            for k in range(lstm.num_layers)
            for theirs, ours in (("weight_ih", "w_ih"), ("weight_hh", "w_hh"),
                                 ("bias_ih", "b_ih"), ("bias_hh", "b_hh"))}


def names_of(net, scope="", named=False, counts=None):
    """Our name to PyTorch's tensor: layers are counted by kind in each
    scope, in the order of the source."""
    counts = {} if counts is None else counts
    out = {}
    for key, part in net.named_children():
        kind = _KINDS.get(type(part))
        if not kind:
            out.update(names_of(part, scope, named, counts))
            continue
        counts[kind] = counts.get(kind, 0) + 1
        name = scope + (key if named else f"{kind}{counts[kind]}")
        if isinstance(part, tuple(_KINDS)[:5]):
            for theirs, ours in _MEMBERS.items():
                if getattr(part, theirs, None) is not None:
                    out[f"{name}.{ours}"] = getattr(part, theirs)
        elif isinstance(part, nn.LSTM):
            out.update(levels_of(part, name))
        else:
            out.update(names_of(part, name + ".", isinstance(part, _NAMED)))
    return out


def _draw(net, sample):
    """Weights that keep the size of signals, statistics of one batch."""
    for part in net.modules():
        if isinstance(part, (nn.Conv1d, nn.Conv2d, nn.Linear)):
            nn.init.kaiming_normal_(part.weight, nonlinearity="relu")
        elif isinstance(part, (nn.BatchNorm2d, nn.LayerNorm)):
            nn.init.uniform_(part.weight, 0.5, 1.5)
            nn.init.uniform_(part.bias, -0.5, 0.5)
        if isinstance(part, nn.BatchNorm2d):
            part.momentum = 1.0
    if any(isinstance(part, nn.BatchNorm2d) for part in net.modules()):
        with torch.no_grad():
            net.train()(torch.randn(2, *sample))


def build(name, batch=1, **scale):
    """The network, ready for inference, and an input of normal noise."""
    make, sample = NETWORKS[name]
    torch.manual_seed(1)
    net = make(**scale)
    _draw(net, sample)
    torch.manual_seed(2)
    return net.eval(), torch.randn(batch, *sample)


def weights_of(net):
    return {k: v.detach().numpy().copy() for k, v in names_of(net).items()}


def expected(net, x):
    """The output in float64."""
    with torch.no_grad():
        y = net.double()(x.double()).numpy()
    net.float()
    return y


def export(name, folder, batch=1, onnx=False):
    import safetensors_io
    folder = pathlib.Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    net, x = build(name, batch)
    safetensors_io.save(folder / f"{name}.safetensors", weights_of(net))
    np.save(folder / f"{name}.x.npy", x.numpy())
    np.save(folder / f"{name}.y.npy", expected(net, x).astype(np.float32))
    if onnx:
        torch.onnx.export(net, x, folder / f"{name}.onnx", opset_version=13,
                          input_names=["x"], output_names=["y"],
                          do_constant_folding=True)


def main():
    p = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    p.add_argument("networks", nargs="*", default=list(NETWORKS))
    p.add_argument("--batch", type=int, default=1)
    p.add_argument("--out", default=str(ROOT / "build" / "bench"))
    p.add_argument("--onnx", action="store_true")
    a = p.parse_args()
    for name in a.networks:
        export(name, a.out, a.batch, a.onnx)
        print(f"{a.out}/{name}.safetensors {name}.x.npy {name}.y.npy")


if __name__ == "__main__":
    main()
