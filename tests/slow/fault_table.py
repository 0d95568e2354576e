"""The faults of faults.py: what each breaks, where, and which tests see it."""
from typing import NamedTuple


class Fault(NamedTuple):
    kind: str    # heading in docs/faults.md
    what: str    # one sentence: what goes wrong
    file: str
    old: str     # exactly once in the file
    new: str
    tests: list  # below tests/; each of them must see it


FAULTS = []


def fault(what, file, old, new, *tests):
    FAULTS.append(Fault(KIND, what, file, old, new, list(tests)))


# ---------------------------------------------------------------------------
KIND = "Passes"

fault("A value with several uses keeps only its last contribution.",
      "compiler/passes/grad.c",
      "    array_push(s->arena, &s->adjoint[n->mark], g);",
      "    s->adjoint[n->mark].len = 0;\n"
      "    array_push(s->arena, &s->adjoint[n->mark], g);",
      "passes/grad/contributions-are-added.dlir", "unit/grad_test.c")

fault("Behind a declared derivative the chain rule ends: dy is lost.",
      "compiler/passes/grad.c",
      "        Node *g = build2(s->b, &op_mul, dy, n->in[2]);",
      "        Node *g = n->in[2];",
      "passes/grad/declared-derivative-is-used.dlir",
      "oracle/gradients/second-order-and-declared.py")

fault("The gradient of relu at 0 is 1.",
      "compiler/passes/grad.c",
      "scalar_new(a, SC_LE, y, scalar_const(a, 0), NULL)",
      "scalar_new(a, SC_LT, y, scalar_const(a, 0), NULL)",
      "passes/grad/relu-is-masked-by-its-value.dlir")

fault("Gradients flow through `stop`.",
      "compiler/passes/grad.c",
      "    return n->op == &op_stop || n->op == &op_withgrad ? n->in[0] : n;",
      "    return n->op == &op_withgrad ? n->in[0] : n;",
      "passes/grad/stop-blocks.dlir")

fault("not (a < b) becomes b <= a, which is wrong for a NaN.",
      "compiler/algebra_scalar.c",
      "    if (x->op == &op_eq && once(x))",
      "    if (x->op == &op_lt && once(x))\n"
      "        return build2(&r->b, &op_le, x->in[1], x->in[0]);\n"
      "    if (x->op == &op_eq && once(x))",
      "passes/fold/nan-is-not-lost.dlir")

fault("Two transposes in a row are joined in the wrong order.",
      "compiler/algebra_tensor.c",
      'attr_list(x, "perm", (int)attr_list(n, "perm", i))',
      'attr_list(n, "perm", (int)attr_list(x, "perm", i))',
      "passes/fold/views-join.dlir", "unit/pass_test.c")

fault("The mean of a repeated value is multiplied by the number of copies.",
      "compiler/algebra_tensor.c",
      "    if (n->op == &op_sum) {",
      "    if (n->op == &op_sum || n->op == &op_mean) {",
      "passes/fold/mean-and-maximum-of-repeats-are-the-value.dlir",
      "unit/pass_test.c")

fault("Differences count as commutative: a - b and b - a become one value.",
      "compiler/passes/cse.c",
      "    return (s->op == SC_ADD || s->op == SC_MUL || s->op == SC_EQ ||",
      "    return (s->op == SC_ADD || s->op == SC_SUB || s->op == SC_MUL ||\n"
      "            s->op == SC_EQ ||",
      "passes/cse/commutative-operands-may-swap.dlir")

fault("A value made inside a scan's body is used after the scan.",
      "compiler/passes/cse.c",
      "    values_cut(s->table, (int)s->lens.data[--s->lens.len]);",
      "    s->lens.len--;",
      "passes/cse/regions-are-scopes.dlir")

fault("Behind a stack that goes away the others keep their old number.",
      "compiler/passes/dce.c",
      "        index[i] = kept;", "        index[i] = i;",
      "passes/dce/scan-stacks-nobody-reads.dlir", "unit/pass_test.c")

fault("The first bias that a new association jumps over is lost.",
      "compiler/passes/collapse.c",
      "    for (int i = first; i < last; i++) {",
      "    for (int i = first + 1; i < last; i++) {",
      "unit/pass_test.c")

fault("A product that is used elsewhere too is taken apart and computed "
      "twice.",
      "compiler/passes/collapse.c",
      "    return n->mark == 1 &&", "    return n->mark >= 1 &&",
      "passes/collapse/used-twice-ends-the-chain.dlir")

fault("Training steps read packed weights, which are those before training.",
      "compiler/passes/hoist.c",
      "    return f->kind == FUNC_INFER || f->kind == FUNC_EVAL;",
      "    return f->kind == FUNC_INFER || f->kind == FUNC_EVAL ||\n"
      "           f->kind == FUNC_STEP;",
      "passes/hoist/parameters-are-copied.dlir",
      "contract/wrong-arguments-give-a-status.c")

fault("State that inference changes is packed as if it were constant.",
      "compiler/rewrite.c",
      "    return g->kind == GLOBAL_PARAM || g->kind == GLOBAL_STATE;",
      "    return g->kind != GLOBAL_WEIGHT && g->kind != GLOBAL_OPTIM;",
      "passes/hoist/changed-state-is-read-directly.dlir")

fault("The dearest implementation wins.",
      "compiler/choice.c",
      "(over == excess && s < seconds))) {",
      "(over == excess && s > seconds))) {",
      "unit/choice_test.c")

fault("The dearest implementation of a convolution wins.",
      "compiler/passes/layout.c",
      "            (over == least_over && estimate[i] < least)) {",
      "            (over == least_over && estimate[i] > least)) {",
      "passes/select/the-cheapest-candidate-is-chosen.py")

fault("Logarithms are taken of the zeros in lanes without a channel.",
      "compiler/layout.c",
      "    case SC_LOG:\n", "",
      "passes/layout/lanes-without-a-channel-stay-finite.dlir")

fault("A reduction over the batch leaves its blocks on the wrong axis.",
      "compiler/layout.c",
      "            axis -= attr_list(n, \"axes\", i) < CHANNELS;",
      "            axis -= attr_list(n, \"axes\", i) < 0;",
      "oracle/torch/lenet5-step.py")

fault("A fused operand with fewer axes lies on the leading ones.",
      "compiler/passes/fuse.c",
      "    int shift = n->type.rank - n->in[k]->type.rank;",
      "    int shift = 0;",
      "unit/pass_test.c")

fault("Fused work moves to a producer that runs before its other inputs.",
      "compiler/passes/fuse.c",
      "position(f, rewrite_final(t->leaf[i])) < position(f, p);",
      "rewrite_final(t->leaf[i]) != p;",
      "passes/fuse/not-before-an-input-is-known.dlir")

fault("Fused work moves into a producer whose own value is read elsewhere.",
      "compiler/passes/fuse.c",
      "nodemap_get(f->refs, t->leaf[k]) == 1 &&",
      "nodemap_get(f->refs, t->leaf[k]) >= 1 &&",
      "passes/fuse/used-twice-stays.dlir", "unit/pass_test.c")

fault("What a scan's body reads from outside may be overwritten in the body.",
      "compiler/plan_live.c",
      "            return p->scans.data[i].last;",
      "            return position;",
      "properties/every-prefix-of-the-pipeline-verifies.py")

fault("Two buffers that meet in one step share memory.",
      "compiler/plan_pack.c",
      "if (other->last < b->first || b->last < other->first)",
      "if (other->last <= b->first || b->last <= other->first)",
      "passes/plan/dead-buffers-are-reused.dlir",
      "properties/every-prefix-of-the-pipeline-verifies.py")

fault("A result is written over an input that is read again later.",
      "compiler/plan.c",
      "        to->node != n || from->alive.last != p->values.data[n->mark].at.first)",
      "        to->node != n)",
      "properties/every-prefix-of-the-pipeline-verifies.py")

# ---------------------------------------------------------------------------
KIND = "Code generation"

fault("A label one above the largest is accepted.",
      "compiler/cgen_entry.c",
      '    put(t, "if (%s[i] < 0 || %s[i] >= %lld) {',
      '    put(t, "if (%s[i] < 0 || %s[i] > %lld) {',
      "contract/wrong-arguments-give-a-status.c")

fault("The stated workspace is an element too small.",
      "compiler/cgen_header.c",
      "            (long long)f->workspace_bytes);",
      "            (long long)f->workspace_bytes - 4);",
      "contract/entries-stay-inside-the-stated-workspace.py")

fault("The counter of steps that numbers the draws stays 0: every step has "
      "the same noise.",
      "compiler/cgen_entry.c",
      "    if (kind != FUNC_STATE && p && p->has_steps)",
      "    if (kind == FUNC_INIT && p && p->has_steps)",
      "operators/draws-are-philox-words.py")

fault("A carry that becomes another's present value is read too late.",
      "compiler/plan_live.c",
      "        if (k != i && scan->region->args.data[k] == next)",
      "        if (k > i && scan->region->args.data[k] == next)",
      "operators/scan-is-a-loop.py")

# ---------------------------------------------------------------------------
KIND = "Kernels"

fault("An inner product loses its last element when one is left over.",
      "runtime/kernels/dot_row.c",
      "    if (k < depth) {", "    if (k + 1 < depth) {",
      "oracle/operators/matrix-products.py")

fault("The rows of the last incomplete tile are not computed.",
      "runtime/kernels/matmul.c",
      "for (int i1 = 0; i1 < height; i1 += MR) {",
      "for (int i1 = 0; i1 + MR <= height; i1 += MR) {",
      "oracle/operators/matrix-products.py",
      "kernels/matmul-tiles-are-exact-enough.c")

fault("A panel is copied over its first row.",
      "runtime/kernels/matmul_ahead.c",
      "                panel += NR;", "                panel += 0;",
      "oracle/operators/matrix-products.py",
      "kernels/product-fetched-ahead.c")

fault("A window over the right border reads the first cell of the next row.",
      "runtime/kernels/conv.c",
      "                                if (iw < 0 || iw >= W)",
      "                                if (iw < 0 || iw > W)",
      "kernels/conv-without-vectors.c")

fault("The last column of an image that is copied with its border is lost.",
      "runtime/kernels/border.c",
      "    const int end = left + w < width ? left + w : width;",
      "    const int end = left + w < width ? left + w - 1 : width;",
      "oracle/operators/convolution-toeplitz.py")

fault("The gradient by the weights takes the first group's outputs for every "
      "group.",
      "runtime/kernels/conv_weights.c",
      "w + c * WC + (g * OG + o) * WO", "w + c * WC + o * WO",
      "oracle/gradients/convolution-over-one-axis.py")

fault("At a tie the gradient of a maximum goes to the last largest cell.",
      "runtime/kernels/maxunpick.c",
      "if (place < 0 || GREATER(x[at], best)) {",
      "if (place < 0 || !(GREATER(best, x[at]))) {",
      "oracle/operators/pools.py")

fault("Softmax is not shifted by the maximum and overflows.",
      "runtime/kernels/softmax.c",
      "                out[j + k] = EXP_DOWN(row[j + k] - top);\n                lane",
      "                out[j + k] = EXP_DOWN(row[j + k]);\n                lane",
      "oracle/operators/reductions.py")

fault("Philox has nine rounds.",
      "runtime/kernels/philox.c",
      "round < 10", "round < 9",
      "operators/draws-are-philox-words.py")

fault("A normal draw is infinite when its random word is 0.",
      "runtime/kernels/randn.c",
      "((word[j] >> 8) + 1) *", "(word[j] >> 8) *",
      "operators/draws-are-philox-words.py")

fault("Of two gradients that reach one row of a table, only the last stays.",
      "runtime/kernels/scatter_add.c",
      "            row[j] += u[i * COLS + j];",
      "            row[j] = u[i * COLS + j];",
      "oracle/operators/moving.py", "oracle/gradients/moving.py")

fault("Of six products of parts the least is made of the wrong part.",
      "runtime/kernels/bf16_block.c",
      "                TILES_B(b + 1024);", "                TILES_B(b + 512);",
      "oracle/operators/products-in-tiles.py",
      "oracle/operators/convolutions-in-tiles.py")

fault("The tile instruction takes its operands the other way round.",
      "runtime/kernels/amx.c",
      'tdpbf16ps %%tmm" #b ", %%tmm" #a ",', 'tdpbf16ps %%tmm" #a ", %%tmm" #b ",',
      "oracle/operators/products-in-tiles.py")

fault("The largest floats are rounded to infinity when they are split.",
      "runtime/kernels/bf16_split.c",
      "((bits & 0x7fffffff) < 0x7f7f8000 ? 0x8000 : 0)", "0x8000",
      "oracle/operators/products-in-tiles.py")

fault("Threads do not wait before they write over what another still reads.",
      "compiler/cgen_threads.c",
      "    if (a->from < b->to && b->from < a->to)\n        return true;\n", "",
      "cgen/threads-wait-where-they-must.dl")

fault("Threads take any part of a value for the one they made themselves.",
      "compiler/cgen_threads.c",
      "    return a->period && a->period == b->period &&", "    return",
      "cgen/threads-wait-where-they-must.dl")

fault("Packing says that there are tiles.",
      "compiler/cgen_entry.c", '"\\nw->amx = 0;"', '"\\nw->amx = 1;"',
      "contract/tiles-have-to-be-asked-for.c")

fault("The second tile of a pair is not conjugated before the products.",
      "runtime/kernels/conv_fft.c",
      "(at + V + l) * sign;", "(at + V + l) * (sign * sign);",
      "kernels/fft-is-exact-enough.c", "operators/convolution-by-fft.py")

fault("Rows of a long transform are turned the same way there and back.",
      "runtime/kernels/conv_fft1.c", "            s = -s;", "            s *= 1;",
      "kernels/fft1-is-exact-enough.c", "operators/convolution-by-fft1.py")

fault("Three products of parts are chosen without being asked for.",
      "compiler/choice.c", "impl->math > o->math ||", "",
      "passes/select/tiles-by-the-accuracy-asked.dlir",
      "passes/layout/tiles-for-what-infers.dlir")

# ---------------------------------------------------------------------------
KIND = "Gradients and formulas"

fault("The gradient of a convolution by its data turns the kernel round along "
      "the first axis only.",
      "compiler/ops/conv.c",
      "        if (w->type.dim[i].c > 1)",
      "        if (i == 2 && w->type.dim[i].c > 1)",
      "unit/conv_grad_test.c", "oracle/gradients/convolution-over-two-axes.py")

fault("The gradient of softmax subtracts the plain sum of dy.",
      "compiler/ops/softmax.c",
      "build_sum(b, build2(b, &op_mul, dy, n), &last, 1)",
      "build_sum(b, dy, &last, 1)",
      "unit/grad_test.c", "oracle/gradients/reductions.py")

fault("The gradient of a mean over the batch divides by the largest batch.",
      "compiler/ops/mean.c",
      "            fixed = fixed && dim_is_const(x->dim[i]);\n"
      "            all *= (double)x->dim[i].c;",
      "            all *= (double)dim_at(x->dim[i], b->module->bound);",
      "oracle/gradients/reductions.py")

fault("The quotient rule does not square the divisor.",
      "compiler/scalar_diff.c",
      "divide(a, mul(a, x, dy), power(a, y, 2))",
      "divide(a, mul(a, x, dy), y)",
      "unit/scalar_test.c", "oracle/gradients/elementwise-of-more-inputs.py")

fault("Adam does not correct the bias of the first moment.",
      "compiler/std.dl",
      "  return w - lr / (1 - beta1 ^ (iter + 1)) * m1",
      "  return w - lr * m1",
      "oracle/torch/optimisers.py")

fault("Momentum is damped: v is a running mean of gradients, not their sum.",
      "compiler/std.dl",
      "  let v1 = momentum * v + d;",
      "  let v1 = momentum * v + (1 - momentum) * d;",
      "oracle/torch/optimisers.py", "oracle/torch/mlp-step.py")

fault("Gradients are clipped by the norm of the last parameter alone.",
      "compiler/sema_train.c",
      "        total = total ? build2(&s->b, &op_add, total, e) : e;",
      "        total = e;",
      "oracle/torch/optimisers.py")

fault("Inverted dropout multiplies by keep what it lets through.",
      "compiler/std.dl",
      "return kept / keep;", "return kept * keep;",
      "operators/dropout-and-noise-in-training.py")

fault("Dropout keeps with probability 1 - keep.",
      "compiler/std.dl",
      "let kept = op.uniform_like(x) < keep ? x : 0.0;",
      "let kept = op.uniform_like(x) < 1 - keep ? x : 0.0;",
      "operators/dropout-and-noise-in-training.py")

# ---------------------------------------------------------------------------
KIND = "Meaning of programs"

fault("An axis of size 1 is repeated without being asked to.",
      "compiler/sema_binary.c",
      "        if (!dim_equal(a->dim[i + shift], b->dim[i]))\n"
      "            return false;",
      "        if (!dim_equal(a->dim[i + shift], b->dim[i]) &&\n"
      "            !dim_equal(b->dim[i], dim_const(1)))\n"
      "            return false;",
      "diag/size-1-is-not-repeated.dl")

fault("With pad = same the odd cell is added in front.",
      "compiler/sema_op.c",
      "        w->low[i] = all / 2;\n        w->high[i] = all - all / 2;",
      "        w->low[i] = all - all / 2;\n        w->high[i] = all / 2;",
      "oracle/torch/layers.py")

fault("Averages at the lower border count the cells outside.",
      "compiler/sema_op.c",
      "        count += at >= 0 && at < w->in[i];",
      "        count += at < w->in[i];",
      "oracle/torch/layers.py")

fault("A layer that is applied twice gets new weights the second time.",
      "compiler/sema_call.c",
      "    map_set(s->counters, inst->path, map_new(s->arena));\n", "",
      "sema/an-instance-applied-twice-shares-weights.dl")

fault("Early stopping on -metric waits for the metric to fall.",
      "compiler/sema_fit.c",
      "            fit->stop_sign = -fit->stop_sign;",
      "            fit->stop_sign = 1;",
      "sema/stop-watches-for-a-fall-or-a-rise.py")

# ---------------------------------------------------------------------------
KIND = "Runtime"

fault("The samples that do not fill a batch are never used.",
      "runtime/dataset.c",
      "    int64_t partial = s->model->max_n > 0 ? batch - 1 : 0;",
      "    int64_t partial = 0;",
      "runtime/fit-trains-as-asked.c")

fault("Every epoch has the same order.",
      "runtime/fit.c",
      "    state = next_random(&state) + epoch;",
      "    state = next_random(&state) + epoch * 0;",
      "runtime/epochs-visit-every-sample-once.c")

fault("Shuffling copies samples over others instead of exchanging them.",
      "runtime/fit.c",
      "        f->order[k] = kept;", "        f->order[i] = f->order[k] + 0 * kept;",
      "runtime/epochs-visit-every-sample-once.c")

fault("Training goes on for one epoch more than the patience says.",
      "runtime/fit.c",
      "    return (int)epoch + 1 - f->best_epoch < patience;",
      "    return (int)epoch + 1 - f->best_epoch <= patience;",
      "runtime/fit-trains-as-asked.c")

fault("Held-out samples are measured without packing the new weights.",
      "runtime/fit.c",
      "    if (!dlc_session_pack(&f->session, e))\n        return false;\n", "",
      "runtime/fit-trains-as-asked.c")

fault("Means over a set give a short last batch the weight of a full one.",
      "runtime/fit.c",
      "        seen += n;\n        for (int i = 0; i < eval->value_count; i++)\n"
      "            means[i] += n * f->session.values[i];",
      "        seen++;\n        for (int i = 0; i < eval->value_count; i++)\n"
      "            means[i] += f->session.values[i];",
      "runtime/epochs-visit-every-sample-once.c")

fault("A .npy file in Fortran order is read as if it were in C order.",
      "runtime/npy.c",
      '    if (take_word(c, "False"))',
      '    if (take_word(c, "False") || take_word(c, "True"))',
      "runtime/readers-refuse-damaged-arrays.c")

fault("A hole between the tensors of a weights file is not noticed.",
      "runtime/safetensors.c",
      "        if (t->begin != at)", "        if (t->begin < at)",
      "runtime/weights-files-are-checked.c")
