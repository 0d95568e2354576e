/* Channel-blocked forms of values, for pass layout and for implementations of
 * conv that work on them (Impl.expand).
 *
 * A value [N,C,H,W] in blocked form is block(x, axis = 1, size = lanes). Its
 * lanes beyond C hold numbers that nothing reads as results: weights are 0
 * there, and unblock drops them; they stay finite.
 */
#ifndef DLC_LAYOUT_H
#define DLC_LAYOUT_H

#include "rewrite.h"

typedef struct Blocks {
    Builder *b;
    const Target *target;
    ValueTable *made; /* block nodes so far */
} Blocks;

/* Channels in a block: the lanes of the target's vectors. */
int64_t blocks_size(const Target *t, ElemType elem);
/* Is x the plain form of a blocked value? */
bool blocks_are(const Node *x);
/* The blocked form of x; of an unblocked value the value it came from. */
Node *blocks_enter(Blocks *k, Node *x, int axis, int64_t size);
/* Seconds that blocks_enter(x) takes; 0 when x comes from blocks. */
double blocks_enter_seconds(const Node *x, const Target *t);
double blocks_change_seconds(double elements, const Target *t);
/* The plain form of y with `count` places on the axis. */
Node *blocks_leave(Blocks *k, Node *y, int axis, int64_t count);
/* Weights through an operator of one input that cuts their output channels,
 * axis `out`, into blocks of `size`: axis `to` of its result and the last. A
 * factor for each output channel is taken out, so that it ends the packing
 * loop. */
Node *blocks_pack(Blocks *k, const OpDef *op, Node *w, int out, int to,
                  int64_t size, const Attrs *attrs);
/* In w = a * (one factor for each index of axis `out`): the factors, and *plain
 * is a; otherwise NULL, and *plain is w. */
Node *blocks_factors(Node *w, int out, Node **plain);
/* y times s, blocked factors, along axis `to` and the last. */
Node *blocks_times(Blocks *k, Node *y, Node *s, int to);
/* form, which is x in another form, is called as x is when x is a parameter. */
Node *blocks_name(Blocks *k, Node *form, const Node *x);
/* Attributes of n by their names, where it has them. */
Attrs blocks_attrs(Arena *a, const Node *n, const char *const *names,
                   int count);
/* A node of no body with operands of these types: what op would cost. */
Node *blocks_pretend(Arena *a, const OpDef *op, const Type *x, const Type *w,
                     const Attrs *attrs);
/* n, an operator on plain forms of blocked values, computed in blocks: what
 * takes n's place, or NULL when that is not possible or does not pay. */
Node *blocks_sink(Blocks *k, Node *n);
/* Can blocks_sink do it when operand x is the plain form of blocks? */
bool blocks_may_sink(const Node *n, const Node *x, int64_t size);

#endif
