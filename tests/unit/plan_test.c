/* Packing: buffers alive together never overlap, offsets are aligned, and the
 * workspace is close to the bound that no plan can go below. */
// RUN: %cc %s %objs -lm -o %t && %t
#include "plan.h"
#include <stdio.h>

static int failures;

#define CHECK(condition, ...)                                                  \
    do {                                                                       \
        if (!(condition)) {                                                    \
            fprintf(stderr, "%s:%d: ", __FILE__, __LINE__);                    \
            fprintf(stderr, __VA_ARGS__);                                      \
            fputc('\n', stderr);                                               \
            failures++;                                                        \
        }                                                                      \
    } while (0)

static uint64_t state = 1;

static int64_t draw(int64_t below)
{
    state = state * 6364136223846793005u + 1442695040888963407u;
    return (int64_t)((state >> 33) % (uint64_t)below);
}

static bool apart(const PlanBuffer *a, const PlanBuffer *b)
{
    return a->last < b->first || b->last < a->first ||
           a->offset + a->bytes <= b->offset ||
           b->offset + b->bytes <= a->offset;
}

static void check_plan(const PlanBuffer *b, int count, int64_t total,
                       int64_t bound)
{
    for (int i = 0; i < count; i++) {
        CHECK(b[i].offset >= 0 && b[i].offset + b[i].bytes <= total,
              "buffer %d lies outside", i);
        CHECK(b[i].offset % PLAN_ALIGN == 0, "buffer %d is not aligned", i);
        for (int k = 0; k < i; k++)
            CHECK(apart(&b[i], &b[k]), "%d and %d overlap", i, k);
    }
    CHECK(total >= bound, "%lld bytes are below the bound %lld",
          (long long)total, (long long)bound);
}

/* A chain, each layer reading the one before: the two largest neighbours. */
static void chain(Arena *a)
{
    PlanBuffer b[20];
    for (int i = 0; i < 20; i++)
        b[i] = (PlanBuffer){64 * (1 + (i * 7) % 11), i, i + 1, 0};
    int64_t bound = plan_lower_bound(a, b, 20);
    int64_t total = plan_pack(a, b, 20);
    check_plan(b, 20, total, bound);
    CHECK(total == bound, "a chain takes %lld bytes instead of %lld",
          (long long)total, (long long)bound);
}

/* Forward values kept for a backward sweep, as in training. */
static void training(Arena *a)
{
    enum { LAYERS = 12 };
    PlanBuffer b[2 * LAYERS];
    for (int i = 0; i < LAYERS; i++) {
        int end = 2 * LAYERS - i;
        b[i] = (PlanBuffer){1000 + draw(100000), i, end, 0};
        b[LAYERS + i] = (PlanBuffer){b[i].bytes, end, end + 1, 0};
    }
    int64_t bound = plan_lower_bound(a, b, 2 * LAYERS);
    int64_t total = plan_pack(a, b, 2 * LAYERS);
    check_plan(b, 2 * LAYERS, total, bound);
    CHECK(total == bound, "training takes %lld bytes instead of %lld",
          (long long)total, (long long)bound);
}

static void random_lives(Arena *a)
{
    double worst = 0, sum = 0;
    enum { ROUNDS = 300, MOST = 60 };
    for (int round = 0; round < ROUNDS; round++) {
        PlanBuffer b[MOST];
        int count = (int)draw(MOST) + 1;
        for (int i = 0; i < count; i++) {
            int first = (int)draw(40);
            b[i] = (PlanBuffer){1 + draw(5000), first,
                                first + (int)draw(1 + draw(20)), 0};
        }
        int64_t bound = plan_lower_bound(a, b, count);
        int64_t total = plan_pack(a, b, count);
        check_plan(b, count, total, bound);
        double ratio = (double)total / (double)bound;
        worst = ratio > worst ? ratio : worst;
        sum += ratio;
    }
    CHECK(worst < 1.15 && sum / ROUNDS < 1.01,
          "above the bound by %.3f at worst, %.4f on average", worst,
          sum / ROUNDS);
}

int main(void)
{
    Arena *a = arena_new();
    CHECK(plan_pack(a, NULL, 0) == 0, "nothing needs no bytes");
    chain(a);
    training(a);
    random_lives(a);
    arena_free(a);
    return failures != 0;
}
