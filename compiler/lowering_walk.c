/* Convolutions of plain channels in tiles that walk along the cells: when they
 * apply, which tile, and what it costs. See conv_walk.c of the kernels.
 */
#include "lowering.h"

#include <math.h>

enum { MOST_BLOCKS = 4, MOST_TURNS = 16 };

/* Cycles of mr places: lines of the window, each at the speed of multiply-adds,
 * of loads, or of the sum of one place, whichever is slowest. */
static double tile_cycles_of(const Blocked *b, int64_t mr, int64_t nv)
{
    double terms = (double)(mr * nv * b->w.size) / 2;
    double cells = (double)((mr - 1) * b->w.stride + b->w.size);
    double loads = 0.6 * (cells + (double)(nv * b->w.size));
    double sum = 3.5 * (double)b->w.size;
    double line = fmax(fmax(terms, loads), sum) + 1;
    return (double)(b->cb * b->h.size) * line + 8 + (double)(mr * nv);
}

/* Are windows that leave the row all in the first or the last of the tiles? */
static bool edges_fit(const Blocked *b)
{
    int64_t last = b->few ? b->mr - 1 : b->mr, tiles = b->many + b->few;
    int64_t before = b->w.out - last - 1; /* the last place of another tile */
    return tiles == 1 ||
           (b->w.low <= b->mr * b->w.stride &&
            before * b->w.stride + b->w.size - 1 < b->w.low + b->w.in);
}

void blocked_walk(Blocked *b, int bytes, const Target *t)
{
    const WindowAxis *w = &b->w;
    if (b->xv > 1 || b->vb == 0 || !t->fused || w->size <= w->stride ||
        w->size > MOST_TURNS || w->low < 0 || w->dilate > 1 ||
        b->h.dilate > 1 || b->pick)
        return;
    Blocked best = *b;
    int64_t parts = b->v * bytes / b->vb, past = (w->size - 1) / w->stride;
    int64_t end = (w->out - 1) * w->stride + w->size - w->low;
    best.edges = w->low > 0 || end > w->in;
    for (int64_t nb = 1; nb <= MOST_BLOCKS && nb <= b->ob; nb++)
        for (int64_t mr = 1; mr + past <= MOST_TURNS && mr <= w->out; mr++) {
            int64_t nv = nb * parts;
            if ((mr + w->size) * nv + 1 > t->vector_registers)
                break;
            Blocked c = best;
            int64_t tiles = ceil_div(w->out, mr);
            c.mr = mr;
            c.nb = nb;
            c.few = tiles * mr - w->out;
            c.many = tiles - c.few;
            if (c.many < 1 || (c.edges && !edges_fit(&c)))
                continue;
            double row = (double)c.many * tile_cycles_of(b, mr, nv);
            if (c.few > 0)
                row += (double)c.few * tile_cycles_of(b, mr - 1, nv);
            c.cycles = row * (double)(ceil_div(b->ob, nb) * b->h.out *
                                      b->groups);
            if (c.cycles >= best.cycles)
                continue;
            best = c;
            best.walk = true;
            best.border = false;
        }
    if (best.walk)
        *b = best;
}
