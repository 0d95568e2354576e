/* Running passes, with the verifier after each one. */
#include "pass.h"
#include <string.h>

const Pass *pass_find(const char *name)
{
    for (int i = 0; i < pass_count; i++)
        if (strcmp(pass_table[i]->name, name) == 0)
            return pass_table[i];
    return NULL;
}

void pass_run(const Pass *p, Module *m, const Options *o)
{
    static const char *const stages[] = {"typed", "chosen", "planned"};
    if (m->stage != p->from)
        internal_error("pass '%s' needs stage %s, the module is at %s", p->name,
                       stages[p->from], stages[m->stage]);
    p->run(m, o);
    m->stage = p->to;
    const char *broken = verify_module(m);
    if (!broken)
        return;
    Text t = {.arena = m->arena};
    ir_print(&t, m);
    fwrite(t.data, 1, t.len, stderr);
    internal_error("after pass '%s': %s", p->name, broken);
}

void pass_remark(Module *m, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    array_push(m->arena, &m->remarks, arena_vprintf(m->arena, fmt, ap));
    va_end(ap);
}
