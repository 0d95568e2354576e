/* The register tile of a product: which one, and what it costs.
 *
 * A step of the tile is mr * nv multiply-adds of vectors, nv loads and mr
 * broadcasts. The model: two multiply-adds and five thirds of a load a cycle,
 * and ten multiply-adds on their way, whatever the width of the vectors; so
 * measured on Zen 3, where gcc and clang reach the peak with 6 x 2 and 5 x 2
 * vectors.
 */
#include "lowering.h"

#include <math.h>

enum { MAX_MR = 14, MAX_NV = 8, TILE_BYTES = 1536 };

double tile_step_cycles(int mr, int nv)
{
    double fma = mr * nv, loads = 1.2 * (mr + nv);
    double slots = fma > loads ? fma : loads;
    return (slots > 10 ? slots : 10) / 2;
}

bool tile_has_room(int mr, int nv, const Target *t)
{
    return mr * nv + nv + 1 < t->vector_registers;
}

double tile_step_within(int mr, int nv, const Target *t)
{
    double step = tile_step_cycles(mr, nv);
    return tile_has_room(mr, nv, t) ? step : 1.08 * step;
}

double tile_cycles(const Tile *t, int64_t m, int64_t n, double depth)
{
    int nv = t->nr / t->lanes;
    double tiles = (double)(ceil_div(m, t->mr) * ceil_div(n, t->nr));
    return tiles * (depth * tile_step_cycles(t->mr, nv) + 30 + 3 * t->mr * nv);
}

double tile_cycles_beside(const Tile *t, int64_t m, int64_t n, double depth,
                          double bytes, const Target *target)
{
    /* Fitted to 200 convolutions on Zen 3, half of which it meets within 13 %:
     * cycles of a tile apart from its steps; what a step takes longer from half
     * of L1 to twice of it. */
    const double own = 12, longer = 0.25;
    double tiles = (double)(ceil_div(m, t->mr) * ceil_div(n, t->nr));
    double over = log2(bytes / target->l1_bytes) + 1;
    over = over < 0 ? 0 : over > 2 ? 2 : over;
    double step = tile_step_cycles(t->mr, t->nr / t->lanes);
    return tiles * (depth * step * (1 + longer * over) + own);
}

/* Sums, one broadcast and the vectors of b: with one row each is used once and
 * read where it lies. */
static bool fits_registers(const Target *target, int mr, int nv)
{
    int held = mr > 1 ? nv : 1;
    return mr * nv + held + 1 < target->vector_registers;
}

/* Widths of rows of the tile that fit beside mr rows; the least cycles. */
static Tile columns(ElemType elem, const Target *target, int mr, int64_t m,
                    int64_t n, double depth, bool padded)
{
    Tile best = {0};
    double least = 0;
    int bytes = elem_bytes(elem);
    for (int vb = target->vector_bytes; vb >= 16; vb /= 2)
        for (int nv = 1; nv <= MAX_NV; nv++) {
            Tile t = {vb, vb / bytes, mr, nv * (vb / bytes)};
            if (!fits_registers(target, mr, nv) || mr * nv * vb > TILE_BYTES ||
                (!padded && t.nr > n))
                continue;
            double cycles = tile_cycles(&t, m, n, depth);
            if (best.mr && cycles >= least)
                continue;
            best = t;
            least = cycles;
        }
    return best;
}

Tile tile_columns(ElemType elem, const Target *target, int mr, int64_t n,
                  double depth)
{
    return columns(elem, target, mr, mr, n, depth, true);
}

int64_t tile_missing_rows(const Tile *t, int64_t m)
{
    int64_t missing = (t->mr - m % t->mr) % t->mr;
    return missing * (t->mr - 1) <= m ? missing : -1;
}

/* Cycles with rows in tiles of mr and mr - 1; what is left of few rows is done
 * one by one. */
static double panel_cycles(const Tile *t, int64_t m, int64_t n, double depth)
{
    int nv = t->nr / t->lanes;
    int64_t few = tile_missing_rows(t, m), single = few < 0 ? m % t->mr : 0;
    int64_t many = few < 0 ? m / t->mr : (m - few * (t->mr - 1)) / t->mr;
    double step = (double)many * tile_step_cycles(t->mr, nv) +
                  (double)single * nv;
    if (few > 0)
        step += (double)few * tile_step_cycles(t->mr - 1, nv);
    double ends = 30 * (double)(many + (few > 0 ? few : 0) + single) +
                  3 * (double)m * nv;
    return (double)ceil_div(n, t->nr) * (depth * step + ends);
}

Tile tile_rows(ElemType elem, const Target *target, int64_t m, int64_t n,
               int64_t nr, double depth)
{
    Tile best = {0};
    int bytes = elem_bytes(elem), vb = target->vector_bytes;
    while (nr % (vb / bytes) != 0)
        vb /= 2;
    int nv = (int)nr / (vb / bytes);
    for (int mr = 1; mr <= MAX_MR && mr <= m; mr++) {
        Tile t = {vb, vb / bytes, mr, (int)nr};
        if (best.mr && (!fits_registers(target, mr, nv) ||
                        panel_cycles(&t, m, n, depth) >=
                            panel_cycles(&best, m, n, depth)))
            continue;
        best = t;
    }
    return best;
}

Tile tile_panel(ElemType elem, const Target *target, int64_t m, int64_t n,
                double depth)
{
    Tile best = {0};
    int bytes = elem_bytes(elem);
    for (int vb = target->vector_bytes; vb >= 16; vb /= 2)
        for (int nv = 1; nv <= MAX_NV && nv * vb <= TILE_BYTES; nv++) {
            if (!fits_registers(target, 1, nv))
                continue;
            Tile t =
                tile_rows(elem, target, m, n, nv * (vb / bytes), depth);
            if (!best.mr || panel_cycles(&t, m, n, depth) <
                                panel_cycles(&best, m, n, depth))
                best = t;
        }
    return best;
}

Tile tile_choose(ElemType elem, const Target *target, int64_t m, int64_t n,
                 double depth, bool padded)
{
    Tile best = {0};
    for (int mr = 1; mr <= MAX_MR && mr <= m; mr++) {
        Tile t = columns(elem, target, mr, m, n, depth, padded);
        /* where two cost the same, more rows read b less often */
        if (t.mr && (!best.mr || tile_cycles(&t, m, n, depth) <
                                     1.01 * tile_cycles(&best, m, n, depth)))
            best = t;
    }
    return best;
}

Tile tile_filled(const Tile *t, const Target *target, int64_t m, int64_t n)
{
    enum { MR = 4, NV = 3 };
    Tile all = {t->vb, t->lanes, MR, NV * t->lanes};
    double now = (double)(ceil_div(m, t->mr) * t->mr) *
                 (double)(ceil_div(n, t->nr) * t->nr);
    double then = (double)(ceil_div(m, MR) * MR) *
                  (double)(ceil_div(n, all.nr) * all.nr);
    bool fills = target->fused && MR * NV + NV + 1 == target->vector_registers;
    return fills && m >= MR && n >= 2 * all.nr && then < 1.04 * now ? all : *t;
}

int tile_turn(const Tile *t)
{
    return t->lanes >= 8 ? 8 : 4;
}

void tile_holes(Kernel *k, const Tile *t)
{
    kernel_int(k, "MR", t->mr);
    kernel_int(k, "NR", t->nr);
    kernel_int(k, "VB", t->vb);
    kernel_int(k, "TURN", tile_turn(t));
}
