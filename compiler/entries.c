/* --entries: see entries.h. */
#include "entries.h"
#include <string.h>

static bool is_first_values(const Func *f)
{
    return f->kind == FUNC_INIT || f->kind == FUNC_STATE ||
           f->kind == FUNC_MEMORY;
}

static const char *join(const Module *m, bool halves)
{
    Text t = {.arena = m->arena};
    for (int i = 0; i < m->funcs.len; i++) {
        const Func *f = m->funcs.data[i];
        bool half = f->kind == FUNC_GRADIENT || f->kind == FUNC_UPDATE;
        if (!is_first_values(f) && (halves || !half))
            text_printf(&t, "%s%s", t.len ? "," : "", f->name);
    }
    return t.len ? t.data : "";
}

const char *entries_list(const Module *m)
{
    return join(m, true);
}

const char *entries_of_fit(const Module *m)
{
    return join(m, false);
}

static const char *unknown(const Module *m, const char *list)
{
    while (*list) {
        size_t n = strcspn(list, ",");
        const char *name = arena_strndup(m->arena, list, n);
        const Func *f = module_func(m, name);
        if (!f || is_first_values(f))
            return name;
        list += n + (list[n] == ',');
    }
    return NULL;
}

/* Is there an entry that changes the optimiser's state of this block? */
static bool updates(const Module *m, const char *list, const char *block)
{
    for (int i = 0; i < m->funcs.len; i++) {
        const Func *f = m->funcs.data[i];
        if ((f->kind == FUNC_STEP || f->kind == FUNC_UPDATE) &&
            strcmp(f->block, block) == 0 && list_has(list, f->name))
            return true;
    }
    return false;
}

static bool wanted(const Module *m, const char *list, const Func *f)
{
    if (f->kind == FUNC_STATE)
        return updates(m, list, f->block);
    return is_first_values(f) || list_has(list, f->name);
}

const char *entries_keep(Module *m, const char *list)
{
    const char *wrong = unknown(m, list);
    if (wrong)
        return wrong;
    Module kept = {0};
    for (int i = 0; i < m->globals.len; i++) {
        Global *g = m->globals.data[i];
        if (g->kind != GLOBAL_OPTIM || !g->owner || updates(m, list, g->owner))
            array_push(m->arena, &kept.globals, g);
    }
    for (int i = 0; i < m->funcs.len; i++)
        if (wanted(m, list, m->funcs.data[i]))
            array_push(m->arena, &kept.funcs, m->funcs.data[i]);
    memcpy(&m->globals, &kept.globals, sizeof m->globals);
    memcpy(&m->funcs, &kept.funcs, sizeof m->funcs);
    return NULL;
}
