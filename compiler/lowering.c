/* What implementations share: sizes as holes, windows, counts and costs. */
#include "lowering.h"

#include <inttypes.h>
#include <string.h>

Dim lowering_product(const Dim *d, int count)
{
    Dim p = dim_const(1);
    for (int i = 0; i < count; i++)
        if (!dim_mul(p, d[i], &p))
            internal_error("a kernel's size is quadratic in the run-time size");
    return p;
}

void lowering_count(Kernel *k, Emit *e, const char *hole, const Dim *d,
                    int count)
{
    Dim p = dim_const(1);
    const char *text = NULL; /* factors set apart so far */
    for (int i = 0; i < count; i++) {
        Dim q;
        if (dim_mul(p, d[i], &q)) {
            p = q;
            continue;
        }
        text = arena_printf(emit_arena(e), "%s%s%s", text ? text : "",
                            text ? " * " : "", emit_dim(e, p));
        p = d[i];
    }
    if (text)
        kernel_text(k, hole, "(%s * %s)", text, emit_dim(e, p));
    else
        kernel_dim(k, hole, p);
}

void lowering_rows(Kernel *k, Emit *e, const Type *t)
{
    lowering_count(k, e, "ROWS", t->dim, t->rank - 1);
    kernel_dim(k, "COLS", t->dim[t->rank - 1]);
}

void lowering_row_lanes(Kernel *k, Dim columns)
{
    kernel_int(k, "LANES", dim_is_const(columns) && columns.c < 32 ? 1 : 16);
}

void lowering_blocks(Kernel *k, Emit *e, const Node *n, const Type *plain,
                     const Type *blocked)
{
    int axis = (int)attr_int(n, "axis"), behind = axis + 1;
    lowering_count(k, e, "OUTER", plain->dim, axis);
    lowering_count(k, e, "INNER", plain->dim + behind, plain->rank - behind);
    kernel_dim(k, "COUNT", plain->dim[axis]);
    kernel_dim(k, "BLOCKS", blocked->dim[axis]);
    kernel_dim(k, "SIZE", blocked->dim[blocked->rank - 1]);
}

bool lowering_has_border(const Window *w)
{
    for (int i = 0; i < 2; i++) {
        const WindowAxis *a = &w->ax[i];
        int64_t last = (a->out - 1) * a->stride + window_span(a) - 1 - a->low;
        if (a->low > 0 || last >= (a->in - 1) * a->spread + 1)
            return true;
    }
    return false;
}

int64_t lowering_part(const Type *cells, int inner)
{
    Dim all = lowering_product(cells->dim + inner, cells->rank - inner);
    int64_t part = dim_is_const(all) ? 16 : 1;
    while (all.c % part != 0)
        part--;
    return part;
}

void lowering_window(Kernel *k, Emit *e, const Node *n, const Type *cells)
{
    static const char *const names[][2] = {
        {"H", "W"},   {"OH", "OW"}, {"KH", "KW"},
        {"SH", "SW"}, {"DH", "DW"}, {"LH", "LW"},
    };
    Window w = window_pool(n);
    lowering_count(k, e, "OUTER", cells->dim, w.axis);
    int inner = w.axis + w.axes;
    lowering_count(k, e, "INNER", cells->dim + inner, cells->rank - inner);
    kernel_int(k, "PART", lowering_part(cells, inner));
    for (int i = 0; i < 2; i++) {
        const WindowAxis *a = &w.ax[i];
        int64_t value[] = {a->in,     a->out,    a->size,
                           a->stride, a->dilate, a->low};
        for (int j = 0; j < 6; j++)
            kernel_int(k, names[j][i], value[j]);
    }
    kernel_int(k, "BORDER", lowering_has_border(&w));
}

void lowering_window_groups(Kernel *k, const Node *n)
{
    Window w = window_pool(n);
    int axes[] = {w.axis, w.axes, n->type.rank - w.axis - w.axes};
    kernel_groups(k, 3, axes);
}

double lowering_elements(const Type *t)
{
    return t->rank < 0 ? 0 : (double)type_count_at(t, LOWERING_N);
}

Cost lowering_cost(const Node *n, const Target *t, double flops, double cycles,
                   int64_t scratch)
{
    Cost c = {.flops = flops, .scratch = scratch};
    c.bytes = lowering_elements(&n->type) * elem_bytes(n->type.elem) +
              (double)scratch;
    for (int i = 0; i < n->nin; i++)
        c.bytes += lowering_elements(&n->in[i]->type) *
                   elem_bytes(n->in[i]->type.elem);
    /* gflops is two multiply-adds a cycle of all lanes */
    double ghz = t->gflops / t->vector_bytes;
    double wire = c.bytes <= t->l2_bytes ? t->l2_gbs : t->memory_gbs;
    if (t->l3_bytes > 0 && c.bytes > t->l3_bytes)
        wire = t->dram_gbs;
    double compute = cycles / ghz, move = c.bytes / wire;
    double longer = compute > move ? compute : move;
    double shorter = compute > move ? move : compute;
    c.seconds = (longer + 0.3 * shorter + t->call_ns) * 1e-9;
    return c;
}

void lowering_draws(Emit *e, const Node *n, const char *kernel)
{
    Kernel *k = kernel_new(e, n, kernel);
    const char *turn = emit_turn(e);
    Dim count = lowering_product(n->type.dim, n->type.rank);
    kernel_arg_text(k, "seed");
    kernel_arg_text(k, "step");
    kernel_arg_text(k, strcmp(turn, "0") == 0 ? "%s" : "(uint32_t)%s", turn);
    kernel_arg_text(k, "0x%08" PRIx32 "u",
                    (uint32_t)hash_string(attr_sym(n, "key")));
    kernel_arg_text(k, "%s", emit_dim(e, count));
    kernel_out(k);
    kernel_groups(k, 1, &n->type.rank);
    kernel_emit(k);
}
