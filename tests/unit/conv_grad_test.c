/* The gradients of a convolution, and theirs, are right for every small
 * geometry, number of groups and layout; in `make check` every seventh of those
 * over one axis (no loop's count is a multiple of 7, so that every value of each
 * loop is seen).
 */
// RUN: %cc -I%S/Inputs %s %S/Inputs/gradient.c %objs -lm -o %t && %t %level
#include "gradient.h"
#include "op_list.h"
#include <stdio.h>
#include <string.h>

typedef struct Geometry {
    int axes, n; /* n: batch, 0 is the run-time size */
    int64_t in[2], size[2], stride[2], low[2], high[2], dilate[2], spread[2];
    int64_t groups;
    bool x_cn, w_io, y_cn;
} Geometry;

static const char *title_of(const Geometry *g)
{
    static char text[200];
    int at = 0;
    for (int i = 0; i < g->axes; i++)
        at +=
            snprintf(text + at, sizeof text - (size_t)at,
                     "i=%d k=%d s=%d d=%d e=%d low=%d high=%d, ", (int)g->in[i],
                     (int)g->size[i], (int)g->stride[i], (int)g->dilate[i],
                     (int)g->spread[i], (int)g->low[i], (int)g->high[i]);
    snprintf(text + at, sizeof text - (size_t)at,
             "conv with %d groups, x %s, w %s, y %s", (int)g->groups,
             g->x_cn ? "cn" : "nc", g->w_io ? "io" : "oi",
             g->y_cn ? "cn" : "nc");
    return text;
}

static bool fits(const Geometry *g)
{
    for (int i = 0; i < g->axes; i++)
        if ((g->in[i] - 1) * g->spread[i] + g->low[i] + g->high[i] <
            g->dilate[i] * (g->size[i] - 1))
            return false;
    return true;
}

static void check(const Geometry *g, int levels)
{
    if (!fits(g))
        return;
    Check *c = check_new(title_of(g));
    int cg = 1 + (int)(g->groups % 2), batch = g->n, out = 2 * (int)g->groups;
    int channels = cg * (int)g->groups;
    int x[5] = {batch, channels, -1, -1, -1}, w[5] = {out, cg, -1, -1, -1};
    if (g->x_cn) {
        x[0] = cg;
        x[1] = batch ? batch * (int)g->groups : 0;
    }
    if (g->w_io) {
        w[0] = cg;
        w[1] = out;
    }
    for (int i = 0; i < g->axes; i++) {
        x[2 + i] = (int)g->in[i];
        w[2 + i] = (int)g->size[i];
    }
    Node *in[2] = {check_var(c, x), check_var(c, w)};
    Attrs at = attrs_new(c->arena);
    attrs_list(&at, "stride", g->stride, g->axes);
    attrs_list(&at, "low", g->low, g->axes);
    attrs_list(&at, "high", g->high, g->axes);
    attrs_list(&at, "dilate", g->dilate, g->axes);
    attrs_list(&at, "spread", g->spread, g->axes);
    attrs_int(&at, "groups", g->groups);
    attrs_sym(&at, "x", g->x_cn ? "cn" : "nc");
    attrs_sym(&at, "w", g->w_io ? "io" : "oi");
    attrs_sym(&at, "y", g->y_cn ? "cn" : "nc");
    c->levels = levels;
    check_run(c, node_new(&c->b, &op_conv, in, 2, &at));
}

static Geometry plain(int axes, int64_t groups)
{
    return (Geometry){.axes = axes,
                      .n = 2,
                      .in = {1, 1},
                      .size = {1, 1},
                      .stride = {1, 1},
                      .dilate = {1, 1},
                      .spread = {1, 1},
                      .groups = groups};
}

/* One axis, everything small; one of `every`. */
static void check_line(int every)
{
    Geometry g = plain(1, 1);
    int seen = 0;
    for (g.groups = 1; g.groups <= 2; g.groups++)
        for (g.in[0] = 1; g.in[0] <= 5; g.in[0]++)
            for (g.size[0] = 1; g.size[0] <= 3; g.size[0]++)
                for (g.stride[0] = 1; g.stride[0] <= 4; g.stride[0]++)
                    for (g.dilate[0] = 1; g.dilate[0] <= 2; g.dilate[0]++)
                        for (g.spread[0] = 1; g.spread[0] <= 2; g.spread[0]++)
                            for (g.low[0] = -1; g.low[0] <= 3; g.low[0]++)
                                for (g.high[0] = -1; g.high[0] <= 2;
                                     g.high[0]++)
                                    if (seen++ % every == 0)
                                        check(&g, 2);
}

/* Two axes that differ in everything. */
static void check_plane(void)
{
    static const int64_t ins[][2] = {{4, 5}, {1, 3}, {5, 2}};
    static const int64_t sizes[][2] = {{1, 1}, {2, 3}, {3, 1}, {1, 2}};
    static const int64_t strides[][2] = {{1, 1}, {1, 2}, {3, 2}};
    static const int64_t dilates[][2] = {{1, 1}, {2, 1}, {1, 2}};
    static const int64_t pads[][2] = {{0, 0}, {1, 0}, {0, 2}, {2, 1}};
    Geometry g = plain(2, 1);
#define SET(field, table, i) g.field[0] = table[i][0], g.field[1] = table[i][1]
    for (int i = 0; i < 3; i++)
        for (int k = 0; k < 4; k++)
            for (int s = 0; s < 3; s++)
                for (int d = 0; d < 3; d++)
                    for (int p = 0; p < 16; p++) {
                        SET(in, ins, i);
                        SET(size, sizes, k);
                        SET(stride, strides, s);
                        SET(dilate, dilates, d);
                        SET(low, pads, p % 4);
                        SET(high, pads, p / 4);
                        g.groups = 1 + (i + k + s + d + p) % 2;
                        g.spread[0] = 1 + (i + k + p) % 2;
                        check(&g, 2);
                    }
#undef SET
}

/* Every layout, with three groups too, three times differentiated; with the
 * run-time size for batch where a layout lets it stand alone. */
static void check_layouts(void)
{
    static const int64_t steps[][6] = {
        /* stride, low, high, dilate, spread, size */
        {1, 0, 0, 1, 1, 2}, {2, 1, 0, 1, 1, 3},  {3, 0, 2, 2, 1, 2},
        {1, 2, 2, 1, 2, 2}, {2, -1, 1, 2, 3, 2}, {1, 0, 0, 1, 1, 1},
    };
    for (int layout = 0; layout < 8; layout++)
        for (int64_t groups = 1; groups <= 3; groups++)
            for (int s = 0; s < 6; s++)
                for (int axes = 1; axes <= 2; axes++) {
                    Geometry g = plain(axes, groups);
                    g.x_cn = layout & 1;
                    g.w_io = layout & 2;
                    g.y_cn = layout & 4;
                    g.in[0] = 4;
                    g.in[1] = 3;
                    for (int i = 0; i < axes; i++) {
                        const int64_t *v = steps[(s + i) % 6];
                        g.stride[i] = v[0];
                        g.low[i] = v[1];
                        g.high[i] = v[2];
                        g.dilate[i] = v[3];
                        g.spread[i] = v[4];
                        g.size[i] = v[5];
                    }
                    check(&g, 3);
                    g.n = 0;
                    if (!g.x_cn || groups == 1)
                        check(&g, 2);
                }
}

int main(int argc, char **argv)
{
    Arena *ops = arena_new();
    op_init(ops);
    check_line(argc > 1 && strcmp(argv[1], "-O0") == 0 ? 7 : 1);
    check_plane();
    check_layouts();
    printf("%d derivatives, largest difference %.1e\n", checks_done,
           checks_worst);
    arena_free(ops);
    return 0;
}
