/* Packing buffers into one workspace: what plan.c asks of plan_pack.c. */
#ifndef DLC_PLAN_H
#define DLC_PLAN_H

#include "util.h"

#define PLAN_ALIGN 64

/* A buffer that is alive from position first to last, both included. */
typedef struct PlanBuffer {
    int64_t bytes;
    int first, last;
    int64_t offset; /* result, a multiple of PLAN_ALIGN */
} PlanBuffer;

/* Gives each buffer its offset so that no two alive at once overlap; the
 * bytes needed. */
int64_t plan_pack(Arena *a, PlanBuffer *buffers, int count);
/* The largest sum of bytes (rounded up to PLAN_ALIGN) alive at once: no plan
 * can need less. */
int64_t plan_lower_bound(Arena *a, const PlanBuffer *buffers, int count);

#endif
