/* pack_fft1: one kernel after the other, in double precision. */
#include "../fourier.h"
#include "../lowering.h"
#include <math.h>
#include <string.h>

/* POWERS: cos and -sin of 2 pi 2^j / n, j < log2 n. */
static void powers(Kernel *k, Emit *e, int64_t n)
{
    Text t = {.arena = emit_arena(e)};
    for (int64_t j = 1; j < n; j *= 2) {
        /* Quarter turns are exact. */
        double turn = 2 * acos(-1) * (double)j / (double)n;
        double c = 4 * j == n ? 0 : cos(turn), s = 2 * j == n ? 0 : -sin(turn);
        text_printf(&t, "%s%s, %s", j > 1 ? ", " : "",
                    double_text(t.arena, c), double_text(t.arena, s));
    }
    kernel_text(k, "POWERS", "%s", t.data);
}

static void lower(Emit *e, const Node *n)
{
    const Type *w = &n->in[0]->type, *h = &n->type;
    bool swapped = strcmp(attr_sym(n, "w"), "io") == 0;
    int64_t size = h->dim[1].c, rows = fourier_rows(size), taps = w->dim[2].c;
    int64_t outputs = w->dim[swapped].c, channels = w->dim[!swapped].c;
    Kernel *k = kernel_new(e, n, "fft1_weights");
    kernel_int(k, "N", size);
    kernel_int(k, "N1", rows);
    kernel_int(k, "N2", size / rows);
    kernel_int(k, "O", outputs);
    kernel_int(k, "C", channels);
    kernel_int(k, "K", taps);
    kernel_int(k, "WO", swapped ? taps : channels * taps);
    kernel_int(k, "WC", swapped ? outputs * taps : taps);
    powers(k, e, size);
    kernel_arg(k, n->in[0]);
    kernel_scratch(k);
    kernel_out(k);
    kernel_emit(k);
}

static Cost cost(const Node *n, const Target *t)
{
    const Type *h = &n->type;
    double size = (double)h->dim[1].c, rows = (double)fourier_rows(h->dim[1].c);
    double all = (double)h->dim[0].c * size * (rows + size / rows);
    return lowering_cost(n, t, 8 * all, 4 * all,
                         4 * h->dim[1].c * (int64_t)sizeof(double));
}

const Impl impl_pack_fft1 = {
    .name = "loop",
    .doc = "one kernel after the other",
    .cost = cost,
    .lower = lower,
};
