# RUN: %python %s
"""Layers and functions of the library compute what PyTorch's do, in f64."""
import tempfile

import numpy as np
import torch
import torch.nn.functional as F

import model
from compare import close, finish

torch.set_default_dtype(torch.float64)
torch.manual_seed(1)
plane = torch.randn(3, 4, 9, 10)
line = torch.randn(3, 6, 20)
row = torch.randn(3, 7)


def w(name):
    return torch.from_numpy(layers.params[name].copy())


def pair(name):
    return w(f"{name}.w"), w(f"{name}.b")


def average(x, **window):
    return F.avg_pool2d(x, count_include_pad=False, **window)


def soft_pool(x, k):
    u = x.unfold(2, k, k).unfold(3, k, k).flatten(4)
    return (u.softmax(-1) * u).sum(-1)


def attend(x, memory, name, heads, mask=None):
    parts = [pair(f"{name}.{k}") for k in "qkv"]
    out, _ = F.multi_head_attention_forward(
        x.transpose(0, 1), memory.transpose(0, 1), memory.transpose(0, 1),
        20, heads, torch.cat([p[0] for p in parts]),
        torch.cat([p[1] for p in parts]), None, None, False, 0.0,
        *pair(f"{name}.o"), attn_mask=mask)
    return out.transpose(0, 1)


# expression of the language, and the same in PyTorch
CASES = [
    ("plane |> conv{6, 3}", lambda: F.conv2d(plane, *pair("conv1"))),
    ("plane |> conv{8, 3, stride = 2, pad = 1, groups = 2}",
     lambda: F.conv2d(plane, *pair("conv2"), stride=2, padding=1, groups=2)),
    ("plane |> conv{5, [3, 2], stride = [1, 3], dilation = [2, 1]}",
     lambda: F.conv2d(plane, *pair("conv3"), stride=(1, 3), dilation=(2, 1))),
    ("plane |> conv{3, 5, pad = same}",
     lambda: F.conv2d(plane, *pair("conv4"), padding="same")),
    ("plane |> conv{4, 3, groups = 4, bias = false}",
     lambda: F.conv2d(plane, w("conv5.w"), groups=4)),
    ("line |> conv{5, 4, pad = same}",
     lambda: F.conv1d(line, *pair("conv6"), padding="same")),
    ("line |> conv{6, 3, stride = 2, dilation = 3, pad = [2, 1], groups = 3}",
     lambda: F.conv1d(F.pad(line, (2, 1)), *pair("conv7"), stride=2,
                      dilation=3, groups=3)),
    ("line |> conv{6, 2, stride = 5}",
     lambda: F.conv1d(line, *pair("conv8"), stride=5)),
    ("row |> dense{4}", lambda: F.linear(row, *pair("dense1"))),
    ("row |> dense{4, bias = false}", lambda: F.linear(row, w("dense2.w"))),
    ("line |> dense{3}", lambda: F.linear(line, *pair("dense3"))),
    ("plane |> maxpool{2}", lambda: F.max_pool2d(plane, 2)),
    ("plane |> maxpool{3, stride = 2, pad = 1}",
     lambda: F.max_pool2d(plane, 3, 2, 1)),
    ("plane |> maxpool{[2, 3], stride = 2, dilation = 2}",
     lambda: F.max_pool2d(plane, (2, 3), 2, 0, 2)),
    ("line |> maxpool{3, stride = 4}", lambda: F.max_pool1d(line, 3, 4)),
    ("plane |> maxpool{global}", lambda: F.max_pool2d(plane, (9, 10))),
    ("plane |> minpool{3, stride = 2, pad = 1}",
     lambda: -F.max_pool2d(-plane, 3, 2, 1)),
    ("plane |> avgpool{2}", lambda: average(plane, kernel_size=2)),
    ("plane |> avgpool{3, stride = 2, pad = 1}",
     lambda: average(plane, kernel_size=3, stride=2, padding=1)),
    ("plane |> avgpool{3, stride = 1, pad = same}",
     lambda: average(plane, kernel_size=3, stride=1, padding=1)),
    ("plane |> avgpool{global}", lambda: plane.mean((2, 3), keepdim=True)),
    ("line |> avgpool{4}", lambda: F.avg_pool1d(line, 4)),
    ("plane |> softpool{2}", lambda: soft_pool(plane, 2)),
    ("plane |> lrn{3}",  # PyTorch divides alpha by the size
     lambda: F.local_response_norm(plane, 3, 3e-4, 0.75, 2.0)),
    ("plane |> lrn{3, k = 1.0, alpha = 0.1, beta = 0.5}",
     lambda: F.local_response_norm(plane, 3, 0.3, 0.5, 1.0)),
    ("plane |> batchnorm", lambda: F.batch_norm(
        plane, w("batchnorm1.mean"), w("batchnorm1.var"),
        *pair("batchnorm1"))),
    ("(plane |> conv{3, 2}) * 0.3 - 1.5 |> batchnorm{eps = 0.1}",
     lambda: F.batch_norm(F.conv2d(plane, *pair("conv9")) * 0.3 - 1.5,
                          w("batchnorm2.mean"), w("batchnorm2.var"),
                          *pair("batchnorm2"), eps=0.1)),
    ("1.5 - (line |> dense{4} |> tanh |> dense{3}) / 3.0",
     lambda: 1.5 - F.linear(F.linear(line, *pair("dense4")).tanh(),
                            *pair("dense5")) / 3),
    ("line |> layernorm", lambda: F.layer_norm(
        line, (20,), *pair("layernorm1"))),
    ("plane |> layernorm{axes = 3, eps = 0.1}", lambda: F.layer_norm(
        plane, (4, 9, 10), *pair("layernorm2"), eps=0.1)),
    ("line |> attention{4}", lambda: attend(line, line, "attention1", 4)),
    ("attention{5}(line, line * line)",
     lambda: attend(line, line * line, "attention2", 5)),
    ("line |> attention{1, causal = true}", lambda: attend(
        line, line, "attention3", 1, torch.ones(6, 6).triu(1) > 0)),
    ("softmax(line)", lambda: line.softmax(-1)),
    ("softmax(plane, axis = 1)", lambda: plane.softmax(1)),
    ("logsumexp(plane, axis = 2)", lambda: plane.logsumexp(2)),
    ("real(argmax(plane, axis = 1))", lambda: plane.argmax(1).double()),
    ("logsoftmax(line)", lambda: line.log_softmax(-1)),
    ("logsumexp(line)", lambda: line.logsumexp(-1)),
    ("relu(row)", lambda: F.relu(row)),
    ("lrelu(row)", lambda: F.leaky_relu(row)),
    ("elu(row)", lambda: F.elu(row)),
    ("gelu(row)", lambda: F.gelu(row)),
    ("silu(row)", lambda: F.silu(row)),
    ("avu(row)", lambda: row.abs()),
    ("sigmoid(row)", lambda: row.sigmoid()),
    ("tanh(row)", lambda: row.tanh()),
    ("softplus(row)", lambda: F.softplus(row)),
    ("erf(row)", lambda: row.erf()),
    ("log1p(exp(row))", lambda: row.exp().log1p()),
    ("sqrt(abs(row)) * sign(row)", lambda: row.abs().sqrt() * row.sign()),
    ("floor(row)", lambda: row.floor()),
    ("pow(abs(row), 1.7)", lambda: row.abs() ** 1.7),
    ("min(row, 0.3) + max(row, -0.2)",
     lambda: row.clamp(max=0.3) + row.clamp(min=-0.2)),
    ("sum(line, axis = 1)", lambda: line.sum(1)),
    ("mean(line, axis = [1, 2])", lambda: line.mean((1, 2))),
    ("max(line, axis = 2)", lambda: line.amax(2)),
    ("min(line, axis = 1)", lambda: line.amin(1)),
    ("prod(line, axis = 1)", lambda: line.prod(1)),
    ("row |> dropout{keep = 0.5}", lambda: 0.5 * row),
    ("row |> dropout{keep = 0.5, scale = inverted}", lambda: row),
    ("row |> noise{0.3}", lambda: row),
    ("flatten(plane)", lambda: plane.flatten(1)),
    ("concat(line, line * 2.0, axis = 1)",
     lambda: torch.cat((line, line * 2), 1)),
    ("reverse(line, axis = 1)", lambda: line.flip(1)),
    ("line'", lambda: line.mT),
    ("line @ line'", lambda: line @ line.mT),
    ("row * row + 2.0 / (1.0 + row ^ 2)",
     lambda: row * row + 2 / (1 + row ** 2)),
]

source = """dim N <= 4;
model layers {
  input plane : real[N, 4, 9, 10];
  input line : real[N, 6, 20];
  input row : real[N, 7];
""" + "".join(f"  output y{i} = {text};\n"
              for i, (text, _) in enumerate(CASES)) + "}\n"
with tempfile.TemporaryDirectory() as folder:
    path = f"{folder}/layers.dl"
    with open(path, "w") as f:
        f.write(source)
    library = model.build(folder, path, "--real=f64", "--entries=infer")
    layers = model.Model(library, "layers")
    layers.init(seed=3)
    for name, a in layers.params.members.items():
        if "norm" in name:
            a[...] = np.random.default_rng(len(name)).uniform(0.5, 2, a.shape)
        assert np.ptp(a) > 0, f"{name} is constant"
    expected = [f().numpy() for _, f in CASES]
    results, _ = layers.call(
        "infer", {"plane": plane, "line": line, "row": row},
        {f"y{i}": e.shape for i, e in enumerate(expected)})
    for i, (text, _) in enumerate(CASES):
        close(text, results[f"y{i}"], expected[i], 1e-13)
finish()
