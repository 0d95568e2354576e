/* Products of bf16 parts in AMX tiles: sizes, costs and calls that matrix
 * products and convolutions share.
 *
 * A float is split into three parts of eight bits, and six of the nine products
 * of parts are as accurate as float; of two parts three products are taken. A
 * block is 32 rows by 32 columns, a step 32 terms of its sums. Weights stay
 * floats, which the kernel without tiles reads as well: splitting them at each
 * call costs a quarter of a cycle a weight, and moves two thirds of the bytes
 * that three parts would be.
 */
#include "lowering.h"

enum { FEW_ROWS = 16, WORD = 4, TILE_WORDS = 256 };

bool bf16_applies(const Node *n, const Target *t)
{
    return t->tile_gflops > 0 && n->in[0]->type.elem == ELEM_F32;
}

int64_t bf16_scratch(const Bf16 *b)
{
    return WORD * (4 * TILE_WORDS + b->parts * 2 * TILE_WORDS * b->kept +
                   (b->parts * b->plane * b->depth + 32) * 16);
}

/* Rows of words are made in about as many cycles as they have parts, three
 * times, of which half is seen while tiles work; a block begins and ends with
 * 4 KiB that go through L1. */
double bf16_cycles(const Bf16 *b, const Target *t)
{
    const double block = 150, words = 3 * (double)b->parts + 1, seen = 0.5;
    double ghz = t->gflops / t->vector_bytes;
    double products = b->parts == 3 ? 6 : 3;
    double step = 2 * 32 * 32 * 32 * products / t->tile_gflops * ghz;
    double panels = (double)(b->panels * b->chunks);
    return (double)(b->blocks * b->panels) * ((double)b->steps * step + block) +
           seen * panels * (double)b->steps * 32 * words +
           (double)(b->chunks * b->depth * b->plane) * words;
}

void bf16_lower(Emit *e, const Node *n, Kernel *k, const Bf16 *b,
                const Impl *plain)
{
    const char *may = emit_amx(e);
    if (!may) {
        plain->lower(e, n);
        return;
    }
    const char *rows = dim_is_const(b->rows) ? "" : emit_dim(e, b->rows);
    const char *many =
        *rows ? arena_printf(emit_arena(e), " && %s >= %d", rows, FEW_ROWS)
              : "";
    emit_line(e, "if (%s%s) {", may, many);
    kernel_emit(k);
    emit_line(e, "} else {");
    plain->lower(e, n);
    emit_line(e, "}");
}
