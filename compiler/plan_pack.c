/* Packing buffers with known lifetimes into one workspace.
 *
 * Every buffer goes to the lowest (or the tightest) gap between those placed
 * before it that are alive at the same time. The order decides; none is best
 * always, so several are tried, then the best is improved: what lies on top
 * is placed first in the next round. Greedy by size alone is what TensorFlow
 * Lite does (Pisarchyk, Lee, "Efficient memory management for deep neural net
 * inference", 2020); the further orders come close to the lower bound where
 * it does not.
 */
#include "plan.h"

#include <stdlib.h>
#include <string.h>

enum { ROUNDS = 200 };

typedef struct Packer {
    PlanBuffer *buffers;
    int count;
    int *order;      /* indices, in order of placement */
    int *seen;       /* the order of an earlier round */
    int *near;       /* work: placed buffers alive at the same time */
    int64_t *offset; /* of this try */
    int64_t *best;   /* of the best try */
    int64_t best_total;
} Packer;

static int64_t rounded(int64_t bytes)
{
    return (bytes + PLAN_ALIGN - 1) / PLAN_ALIGN * PLAN_ALIGN;
}

int64_t plan_lower_bound(Arena *a, const PlanBuffer *buffers, int count)
{
    int end = 0;
    for (int i = 0; i < count; i++)
        if (buffers[i].last >= end)
            end = buffers[i].last + 1;
    int64_t *change = ARENA_ARRAY(a, int64_t, end + 1);
    for (int i = 0; i < count; i++) {
        change[buffers[i].first] += rounded(buffers[i].bytes);
        change[buffers[i].last + 1] -= rounded(buffers[i].bytes);
    }
    int64_t alive = 0, most = 0;
    for (int t = 0; t < end; t++) {
        alive += change[t];
        if (alive > most)
            most = alive;
    }
    return most;
}

/* ---- one try ---- */

/* Placed buffers alive together with b, by offset (insertion sort). */
static int neighbours(Packer *p, int placed, const PlanBuffer *b)
{
    int count = 0;
    for (int i = 0; i < placed; i++) {
        int k = p->order[i];
        const PlanBuffer *other = &p->buffers[k];
        if (other->last < b->first || b->last < other->first)
            continue;
        int at = count++;
        while (at > 0 && p->offset[p->near[at - 1]] > p->offset[k]) {
            p->near[at] = p->near[at - 1];
            at--;
        }
        p->near[at] = k;
    }
    return count;
}

static int64_t find_gap(const Packer *p, int count, int64_t bytes,
                        bool tightest)
{
    int64_t end = 0, best = -1, best_gap = INT64_MAX;
    for (int i = 0; i < count; i++) {
        int k = p->near[i];
        int64_t gap = p->offset[k] - end;
        if (gap >= bytes && gap < best_gap) {
            best = end;
            best_gap = gap;
            if (!tightest)
                return best;
        }
        int64_t after = p->offset[k] + rounded(p->buffers[k].bytes);
        if (after > end)
            end = after;
    }
    return best >= 0 ? best : end;
}

static int64_t place_all(Packer *p, bool tightest)
{
    int64_t total = 0;
    for (int i = 0; i < p->count; i++) {
        int k = p->order[i];
        int64_t bytes = rounded(p->buffers[k].bytes);
        int near = neighbours(p, i, &p->buffers[k]);
        p->offset[k] = find_gap(p, near, bytes, tightest);
        if (p->offset[k] + bytes > total)
            total = p->offset[k] + bytes;
    }
    return total;
}

static bool keep_if_better(Packer *p, int64_t total)
{
    if (p->best_total >= 0 && total >= p->best_total)
        return false;
    p->best_total = total;
    memcpy(p->best, p->offset, sizeof *p->best * (size_t)p->count);
    return true;
}

/* ---- orders ---- */

typedef struct Ranked {
    int64_t key1, key2;
    int index;
} Ranked;

static int by_key(const void *x, const void *y)
{
    const Ranked *a = x, *b = y;
    if (a->key1 != b->key1)
        return a->key1 > b->key1 ? -1 : 1;
    if (a->key2 != b->key2)
        return a->key2 > b->key2 ? -1 : 1;
    return a->index < b->index ? -1 : 1;
}

enum { BY_SIZE, BY_AREA, BY_LENGTH, BY_START, BY_END, ORDERS };

static void set_order(Packer *p, int how, Ranked *ranked)
{
    for (int i = 0; i < p->count; i++) {
        const PlanBuffer *b = &p->buffers[i];
        int64_t length = b->last - b->first + 1;
        ranked[i] = (Ranked){b->bytes, length, i};
        if (how == BY_AREA)
            ranked[i].key1 = b->bytes / 64 * length;
        if (how == BY_LENGTH)
            ranked[i] = (Ranked){length, b->bytes, i};
        if (how == BY_START)
            ranked[i] = (Ranked){-(int64_t)b->first, b->bytes, i};
        if (how == BY_END)
            ranked[i] = (Ranked){b->last, b->bytes, i};
    }
    qsort(ranked, (size_t)p->count, sizeof *ranked, by_key);
    for (int i = 0; i < p->count; i++)
        p->order[i] = ranked[i].index;
}

/* What ends at the top goes first in the next round. */
static void lift_top(Packer *p, int64_t total)
{
    int front = 0;
    for (int i = 0; i < p->count; i++) {
        int k = p->order[i];
        if (p->offset[k] + rounded(p->buffers[k].bytes) < total)
            continue;
        memmove(p->order + front + 1, p->order + front,
                sizeof *p->order * (size_t)(i - front));
        p->order[front++] = k;
    }
}

/* Has this order come before? It is compared with the one of the last round
 * that was a power of two (Brent, "An improved Monte Carlo factorization
 * algorithm", 1980): what goes round in circles is found after at most three.
 */
static bool comes_again(Packer *p, int round)
{
    size_t bytes = sizeof *p->order * (size_t)p->count;
    if (round > 0 && memcmp(p->order, p->seen, bytes) == 0)
        return true;
    if ((round & (round - 1)) == 0)
        memcpy(p->seen, p->order, bytes);
    return false;
}

int64_t plan_pack(Arena *a, PlanBuffer *buffers, int count)
{
    Packer p = {.buffers = buffers, .count = count, .best_total = -1};
    p.order = ARENA_ARRAY(a, int, count);
    p.seen = ARENA_ARRAY(a, int, count);
    p.near = ARENA_ARRAY(a, int, count);
    p.offset = ARENA_ARRAY(a, int64_t, count);
    p.best = ARENA_ARRAY(a, int64_t, count);
    Ranked *ranked = ARENA_ARRAY(a, Ranked, count);
    int64_t bound = plan_lower_bound(a, buffers, count);
    int rounds = count > 400 ? 10 : ROUNDS;
    for (int how = 0; how < ORDERS && p.best_total != bound; how++)
        for (int tightest = 0; tightest < 2; tightest++) {
            set_order(&p, how, ranked);
            int64_t total = place_all(&p, tightest);
            keep_if_better(&p, total);
            for (int i = 0; i < rounds && total > bound && !comes_again(&p, i);
                 i++) {
                lift_top(&p, total);
                total = place_all(&p, tightest);
                keep_if_better(&p, total);
            }
        }
    for (int i = 0; i < count; i++)
        buffers[i].offset = p.best[i];
    return count ? p.best_total : 0;
}
