/* The parts of the memory plan: plan_live.c finds lifetimes and groups, plan.c
 * decides, plan_parts.c does so for concats, plan_copy.c adds copies,
 * plan_pack.c packs buffers into one workspace.
 */
#ifndef DLC_PLAN_H
#define DLC_PLAN_H

#include "cgen.h"

#define PLAN_ALIGN 64

/* ---- plan_pack.c ---- */

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

/* ---- plan_live.c ---- */

typedef struct Span {
    int first, last;
} Span;

/* A value of the function; node->mark is its number. */
typedef struct Value {
    Node *node;
    Span at;    /* the node itself: one position, or all of a scan */
    Span alive; /* of the root: when the group's place is in use */
    int64_t bytes;
    int root;    /* number of the value whose place it shares, or its own */
    int output;  /* of the root: it is result number .., or -1 */
    int store;   /* of the root: it is store number .., or -1 */
    int part_of; /* of the root: number of the concat it is made in, or -1 */
    int64_t part_at; /* bytes from that one's place on */
    bool outside;    /* a view of a global or a constant */
    bool is_viewed;  /* of the root: another value has its place */
    bool is_turn;    /* the turn of a scan: a variable of the loop */
} Value;

/* The value a global had at entry is read at this position. */
typedef struct GlobalRead {
    const Global *global;
    int position;
} GlobalRead;

typedef struct Plan {
    Func *func;
    Arena *arena;
    int64_t bound; /* of n */
    ARRAY_OF(Value) values;
    ARRAY_OF(GlobalRead) reads;
    ARRAY_OF(Span) scans; /* around the present position, outermost first */
    int position, end;
    const Target *target;
    bool together; /* threads: see choice.h */
} Plan;

/* Fills values and reads; groups views with what they are views of. */
void plan_live(Plan *p);
/* Adds a value at the end of the function. */
void plan_add(Plan *p, Node *n);
/* The root of n's group. */
Value *plan_group(Plan *p, const Node *n);
/* n shares x's place from now on: n is the root of its group. */
void plan_join(Plan *p, Node *n, Node *x);
/* The last position at which the global's old value is read; -1: never. */
int plan_last_read(const Plan *p, const Global *g);
/* The value whose elements n has, through reshapes. */
Node *plan_behind(const Node *n);
bool plan_is(const Node *n, const char *op);

/* ---- plan_copy.c: see Note [Stores] in plan.c ---- */

/* Outputs that have no place of their own become copies. */
void plan_copy_outputs(Plan *p);
/* Old values that a store takes and another overwrites are set aside. */
void plan_copy_swaps(Plan *p);
/* Copies to what is stored, as soon as the old value was read for the last
 * time. True when the body changed. */
bool plan_copy_early(Plan *p);
/* The same at the end, for what is not in its place then. */
void plan_copy_stores(Plan *p);

/* ---- plan.c, for plan_copy.c ---- */

/* Is the result an array of the caller's? */
bool plan_is_output(const Func *f, const Result *r);

/* ---- plan_parts.c ---- */

/* Values of the body that a concat puts somewhere are made there. */
void plan_parts(Plan *p, const NodeArray *body);
/* Is n a concat of fixed sizes whose inputs follow each other in memory? Where
 * input i begins; whether the plan made it there. */
bool plan_has_parts(const Node *n);
int64_t plan_part_at(const Node *n, int i);
bool plan_is_part(const Node *n, int i);
bool plan_is_whole(const Node *n); /* all inputs: nothing is left to do */

/* ---- shared with impls/scan.c ---- */

/* A cut along an axis with nothing but sizes 1 before it is contiguous. */
bool plan_cut_is_view(const Type *whole, int64_t along);
/* Must the next value of carry i be set aside before the carries change,
 * because it is another carry's present one? */
bool plan_carry_needs_copy(const Node *scan, int i);
int64_t plan_carry_bytes(const Node *scan, int i, int64_t bound);

#endif
