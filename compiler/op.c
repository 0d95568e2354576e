/* The table of operators and their signatures.
 *
 * Signatures are parsed once, by op_init; the table is sorted by name, so that
 * finding an operator is a binary search over the signatures' first word.
 */
#include "op.h"
#include <ctype.h>
#include <string.h>

typedef struct Entry {
    OpSig sig;
    const Scalar *expr;
} Entry;

/* Written by op_init only: what the constant table says, in another form. */
static Entry *entries;

/* Compares name with the first word of a signature. */
static int compare(const char *name, const char *sig)
{
    size_t len = strcspn(sig, "(");
    int order = strncmp(name, sig, len);
    return order != 0 ? order : name[len] != 0;
}

static int find(const char *name)
{
    int low = 0, high = op_count - 1;
    while (low <= high) {
        int middle = (low + high) / 2;
        int order = compare(name, op_table[middle]->sig);
        if (order == 0)
            return middle;
        if (order < 0)
            high = middle - 1;
        else
            low = middle + 1;
    }
    return -1;
}

const OpDef *op_find(const char *name)
{
    int i = find(name);
    return i < 0 ? NULL : op_table[i];
}

static const Entry *entry_of(const OpDef *op)
{
    char name[64];
    size_t len = strcspn(op->sig, "(");
    if (len >= sizeof name)
        internal_error("operator name too long: %s", op->sig);
    memcpy(name, op->sig, len);
    name[len] = 0;
    int i = find(name);
    if (i < 0 || op_table[i] != op || !entries)
        internal_error("operator '%s' is not in the table", name);
    return &entries[i];
}

const OpSig *op_sig(const OpDef *op)
{
    return &entry_of(op)->sig;
}

const char *op_name(const OpDef *op)
{
    return op_sig(op)->name;
}

const Scalar *op_expr(const OpDef *op)
{
    return entry_of(op)->expr;
}

bool op_is_elementwise(const OpDef *op)
{
    return op->expr != NULL;
}

bool op_has(const OpDef *op, unsigned trait)
{
    return (op->traits & trait) != 0;
}

/* ---- signatures ---- */

#if defined(__GNUC__)
__attribute__((noreturn))
#endif
static void
malformed(const OpDef *op, const char *what)
{
    internal_error("signature %s: %s", what, op->sig);
}

/* A copy of [begin, end) without spaces around it. */
static char *trimmed(Arena *a, const char *begin, const char *end)
{
    while (begin < end && *begin == ' ')
        begin++;
    while (end > begin && end[-1] == ' ')
        end--;
    return arena_strndup(a, begin, (size_t)(end - begin));
}

static bool is_pattern(const char *s)
{
    static const char *const prefixes[] = {"", "int", "bool", "any"};
    for (size_t i = 0; i < sizeof prefixes / sizeof *prefixes; i++) {
        size_t len = strlen(prefixes[i]);
        if (strncmp(s, prefixes[i], len) == 0 && s[len] == '[')
            return strchr(s, ']') != NULL;
    }
    return false;
}

static void add_param(const OpDef *op, OpSig *sig, char *name,
                      const char *pattern)
{
    const int most = (int)(sizeof sig->param / sizeof *sig->param);
    if (sig->nparam == most)
        malformed(op, "with too many inputs");
    OpParam *p = &sig->param[sig->nparam++];
    char *dots = strstr(name, "...");
    if (dots)
        *dots = 0;
    *p = (OpParam){name, pattern, dots != NULL};
}

static void add_attr(const OpDef *op, OpSig *sig, const char *name,
                     const char *fallback)
{
    static const char *const taken[] = {"impl", "fused", "own", "masks", "raw"};
    const int most = (int)(sizeof sig->attr / sizeof *sig->attr);
    if (sig->nattr == most)
        malformed(op, "with too many attributes");
    for (size_t i = 0; i < sizeof taken / sizeof *taken; i++)
        if (strcmp(name, taken[i]) == 0)
            malformed(op, "uses the name of a chosen node's attribute");
    sig->attr[sig->nattr++] = (OpAttr){name, fallback};
}

/* name: [pattern] | name...: [pattern] | name = default | name: X = default
 * | name: ? */
static void parse_item(Arena *a, const OpDef *op, OpSig *sig, const char *begin,
                       const char *end)
{
    char *text = trimmed(a, begin, end);
    char *colon = strchr(text, ':'), *equal = strchr(text, '=');
    const char *last = text + strlen(text);
    char *name;
    if (colon && (!equal || colon < equal)) {
        name = trimmed(a, text, colon);
        char *rest = trimmed(a, colon + 1, last);
        if (is_pattern(rest))
            add_param(op, sig, name, rest);
        else if (strcmp(rest, "?") == 0)
            add_attr(op, sig, name, rest);
        else if (equal)
            add_attr(op, sig, name, trimmed(a, equal + 1, last));
        else
            malformed(op, "has an item that is neither input nor attribute");
    } else if (equal) {
        name = trimmed(a, text, equal);
        add_attr(op, sig, name, trimmed(a, equal + 1, last));
    } else {
        malformed(op, "has an item without ':' or '='");
    }
    if (!isalpha((unsigned char)*name))
        malformed(op, "has an item without a name");
}

static void parse_sig(Arena *a, const OpDef *op, OpSig *sig)
{
    const char *s = op->sig + strcspn(op->sig, "(");
    sig->name = trimmed(a, op->sig, s);
    if (*s++ != '(' || !*sig->name)
        malformed(op, "does not begin with NAME(");
    const char *begin = s;
    for (int depth = 0; *s && !(*s == ')' && depth == 0); s++) {
        depth += (*s == '[' || *s == '(') - (*s == ']' || *s == ')');
        if (*s == ',' && depth == 0) {
            parse_item(a, op, sig, begin, s);
            begin = s + 1;
        }
    }
    if (*s != ')')
        malformed(op, "has no ')'");
    if (*trimmed(a, begin, s))
        parse_item(a, op, sig, begin, s);
    const char *arrow = strstr(s, "->");
    sig->result = arrow ? trimmed(a, arrow + 2, arrow + strlen(arrow)) : "none";
    for (int i = 0; i + 1 < sig->nparam; i++)
        if (sig->param[i].variadic)
            malformed(op, "has inputs behind a list of inputs");
}

void op_init(Arena *a)
{
    entries = ARENA_ARRAY(a, Entry, op_count);
    for (int i = 0; i < op_count; i++) {
        parse_sig(a, op_table[i], &entries[i].sig);
        if (op_table[i]->expr)
            entries[i].expr = op_table[i]->expr(a);
        if (i > 0 && compare(entries[i].sig.name, op_table[i - 1]->sig) <= 0)
            internal_error("operators '%s' and '%s' are out of order",
                           entries[i - 1].sig.name, entries[i].sig.name);
    }
}
