/* matmul_panels by tiles of bf16 parts: what six and three products share. */
#include "lowering.h"
#include "impl_list.h"

enum { COLUMNS = 32, ROWS = 32, MANY_ROWS = 128 };

typedef struct Product {
    Bf16 b;
    int64_t m, n, k, block_rows;
} Product;

/* Blocks of rows of about the same size whose words leave half of L2. */
static int64_t block_rows(const Product *p, int64_t m, const Target *t)
{
    double bytes = (double)(p->b.parts * p->b.depth * 64 * ROWS);
    int64_t most = (int64_t)(t->l2_bytes / 2 / bytes);
    int64_t tiles = ceil_div(m, ROWS);
    if (most < 1)
        most = 1;
    return ceil_div(tiles, ceil_div(tiles, most)) * ROWS;
}

static Product product(const Node *node, const Target *t, int parts)
{
    const Type *x = &node->in[0]->type;
    bool fixed = dim_is_const(x->dim[0]);
    Product p = {.m = dim_at(x->dim[0], LOWERING_N),
                 .n = attr_int(node, "columns"),
                 .k = x->dim[1].c};
    p.b = (Bf16){.parts = parts,
                 .depth = ceil_div(p.k, 32),
                 .panels = ceil_div(p.n, COLUMNS),
                 .rows = x->dim[0]};
    p.b.steps = p.b.depth;
    p.b.blocks = ceil_div(p.m, ROWS);
    p.block_rows = block_rows(&p, fixed ? p.m : MANY_ROWS, t);
    p.b.plane = p.block_rows + 1; /* odd: see conv_bf16.c */
    p.b.chunks = ceil_div(p.m, p.block_rows);
    p.b.kept = p.block_rows > ROWS ? p.b.steps : 1;
    return p;
}

bool matmul_bf16_applies(const Node *n, const Target *t)
{
    const Type *x = &n->in[0]->type, *w = &n->in[1]->type;
    return bf16_applies(n, t) && w->dim[2].c == COLUMNS &&
           dim_is_const(x->dim[1]);
}

void matmul_bf16_lower(Emit *e, const Node *n, int parts)
{
    Product p = product(n, emit_options(e)->target, parts);
    Kernel *k = kernel_new(e, n, "matmul_bf16");
    const struct {
        const char *hole;
        int64_t value;
    } sizes[] = {
        {"N", p.n},
        {"K", p.k},
        {"CB", p.b.depth},
        {"PARTS", parts}, {"CUT", parts == 3},
        {"MB", p.block_rows},
        {"PLANE", p.b.plane},
        {"RP", 1},
        {"WP", p.b.plane},
        {"QW", 1},
        {"KEPT", p.b.kept},
        {"KH", 1},
        {"KW", 1},
        {"SH", 1},
        {"SW", 1},
        {"DH", 1},
        {"DW", 1},
    };
    kernel_dim(k, "M", n->type.dim[0]);
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++)
        kernel_int(k, sizes[i].hole, sizes[i].value);
    kernel_arg(k, n->in[0]);
    kernel_arg(k, n->in[1]);
    kernel_scratch(k);
    kernel_out(k);
    int axes[] = {1, 1};
    kernel_groups(k, 2, axes);
    bf16_lower(e, n, k, &p.b, &impl_matmul_panels);
}

Cost matmul_bf16_cost(const Node *n, const Target *t, int parts)
{
    Product p = product(n, t, parts);
    Cost c = lowering_cost(n, t, 2 * (double)(p.m * p.n * p.k),
                           bf16_cycles(&p.b, t), 0);
    c.scratch = bf16_scratch(&p.b); /* in L2: not among the bytes moved */
    return c;
}
