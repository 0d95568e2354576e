/* What several passes share: rebuilding bodies in one sweep, and finding equal
 * values.
 */
#ifndef DLC_REWRITE_H
#define DLC_REWRITE_H

#include "pass.h"

/* One sweep over every body of a function, in order of execution.
 *
 * visit sees each node once its operands are final and returns what takes its
 * place: the node itself, a value built through b (appended before it), an
 * operand, or NULL when nothing uses it and it goes away. Uses are replaced
 * everywhere. open and close (may be NULL) stand around a region. */
typedef struct Rewriter Rewriter;
struct Rewriter {
    Builder b;
    void *ctx;
    bool changed;
    Node *(*visit)(Rewriter *r, Node *n);
    void (*open)(Rewriter *r, Node *scan);
    void (*close)(Rewriter *r, Node *scan);
};
void rewrite_func(Rewriter *r, Func *f);
/* What takes n's place by now: follows repl to its end. */
Node *rewrite_final(Node *n);
/* n goes away: another node may have its name. */
void rewrite_free_name(Func *f, const Node *n);
/* fresh, just built, is called what n was. */
void rewrite_take_name(Func *f, Node *fresh, const Node *n);

/* Views of globals come first: known before whatever could end with them. */
void rewrite_views_first(Func *f);

/* A number for each node, by identity; 0 for those not set. */
typedef struct NodeMap NodeMap;
NodeMap *nodemap_new(Arena *a);
int nodemap_get(const NodeMap *m, const Node *n);
void nodemap_set(NodeMap *m, const Node *n, int value);

/* The values of f that depend on parameters, state and constants only, whose
 * sizes do not contain n: 1 in the result. What inference changes is no such
 * value. */
NodeMap *rewrite_fixed_values(Func *f);

/* Equal values: same operator, operands and attributes. Constants and reads
 * of globals are compared by what they are, other operands by identity. */
typedef struct ValueTable ValueTable;
ValueTable *values_new(Arena *a);
Node *values_find(const ValueTable *t, const Node *n); /* NULL when new */
void values_add(ValueTable *t, Node *n);
/* A scope: what was added after values_len is forgotten by values_cut. */
int values_len(const ValueTable *t);
void values_cut(ValueTable *t, int len);
bool values_same(const Node *a, const Node *b); /* as operands */

#endif
