/* session: a model with memory for all that its entries take. */
#include "driver.h"

#include <stdlib.h>
#include <string.h>

int dlc_entry_find(const DlcModel *m, const char *name)
{
    for (int i = 0; i < m->entry_count; i++)
        if (strcmp(m->entries[i].name, name) == 0)
            return i;
    return -1;
}

int dlc_entry_of_kind(const DlcModel *m, DlcEntryKind kind)
{
    for (int i = 0; i < m->entry_count; i++)
        if (m->entries[i].kind == kind)
            return i;
    return -1;
}

bool dlc_input_is_sampled(const DlcModel *m, const DlcTensor *t)
{
    if (t->rank == 0)
        return false;
    return t->dims[0] < 0 || (m->max_n == 0 && t->dims[0] == m->batch);
}

static bool open_inputs(DlcSession *s, DlcError *e)
{
    const DlcModel *m = s->model;
    size_t inputs = (size_t)m->input_count;
    s->in = dlc_alloc(inputs, sizeof *s->in, e);
    if (!s->in)
        return false;
    s->arguments = dlc_alloc(inputs, sizeof *s->arguments, e);
    if (!s->arguments)
        return false;
    for (int i = 0; i < m->input_count; i++) {
        const DlcTensor *t = &m->inputs[i];
        size_t count = (size_t)dlc_tensor_count(t, m->batch, 0);
        s->in[i] = dlc_alloc_aligned(count * dlc_elem_size(t->elem), 64, e);
        if (!s->in[i])
            return false;
    }
    return true;
}

static bool open_outputs(DlcSession *s, DlcError *e)
{
    const DlcModel *m = s->model;
    int entry = dlc_entry_of_kind(m, DLC_INFER);
    int count = entry < 0 ? 0 : m->entries[entry].output_count;
    s->out = dlc_alloc((size_t)count + 1, sizeof *s->out, e);
    if (!s->out)
        return false;
    for (int i = 0; i < count; i++) {
        const DlcTensor *t = &m->entries[entry].outputs[i];
        size_t items = (size_t)dlc_tensor_count(t, m->batch, 0);
        s->out[i] = dlc_alloc_aligned(items * dlc_elem_size(t->elem), 64, e);
        if (!s->out[i])
            return false;
    }
    return true;
}

static bool open_entries(DlcSession *s, DlcError *e)
{
    const DlcModel *m = s->model;
    size_t workspace = 0;
    int values = 0;
    s->states = dlc_alloc((size_t)m->entry_count, sizeof *s->states, e);
    if (!s->states)
        return false;
    for (int i = 0; i < m->entry_count; i++) {
        const DlcEntry *entry = &m->entries[i];
        if (entry->workspace_bytes > workspace)
            workspace = entry->workspace_bytes;
        if (entry->value_count > values)
            values = entry->value_count;
        if (entry->kind != DLC_STEP)
            continue;
        s->states[i] = dlc_alloc_aligned(entry->state_bytes, 64, e);
        if (!s->states[i])
            return false;
        if (entry->state_init)
            entry->state_init(s->states[i]);
    }
    s->values = dlc_alloc((size_t)values, sizeof *s->values, e);
    if (!s->values)
        return false;
    s->workspace = dlc_alloc_aligned(workspace, m->align, e);
    return s->workspace != NULL;
}

bool dlc_session_open(DlcSession *s, const DlcModel *m, uint64_t seed,
                      DlcError *e)
{
    *s = (DlcSession){.model = m, .seed = seed};
    s->params = dlc_alloc_aligned(m->params_bytes, 64, e);
    if (!s->params)
        return false;
    if (m->init)
        m->init(s->params, seed);
    if (m->pack) {
        s->weights = dlc_alloc_aligned(m->weights_bytes, 64, e);
        if (!s->weights)
            return false;
    }
    if (m->memory_init) {
        s->memory = dlc_alloc_aligned(m->memory_bytes, 64, e);
        if (!s->memory)
            return false;
    }
    dlc_session_restart(s);
    return open_inputs(s, e) && open_outputs(s, e) && open_entries(s, e);
}

static void free_all(void **list, int count)
{
    for (int i = 0; list && i < count; i++)
        free(list[i]);
    free(list);
}

void dlc_session_close(DlcSession *s)
{
    const DlcModel *m = s->model;
    if (!m)
        return;
    int entry = dlc_entry_of_kind(m, DLC_INFER);
    free_all(s->out, entry < 0 ? 0 : m->entries[entry].output_count);
    free_all(s->in, m->input_count);
    free_all(s->states, m->entry_count);
    free(s->arguments);
    free(s->params);
    free(s->weights);
    free(s->memory);
    free(s->workspace);
    free(s->values);
    *s = (DlcSession){0};
}

static bool fail_status(const DlcSession *s, const char *what, int status,
                        DlcError *e)
{
    const char *text = s->model->strerror ? s->model->strerror(status) : NULL;
    return dlc_fail(e, "%s: %s (status %d)", what, text ? text : "failed",
                    status);
}

bool dlc_session_pack(DlcSession *s, DlcError *e)
{
    if (!s->model->pack)
        return true;
    int status = s->model->pack(s->params, s->weights);
    return status == 0 || fail_status(s, "pack", status, e);
}

void dlc_session_restart(DlcSession *s)
{
    if (s->memory)
        s->model->memory_init(s->memory);
}

bool dlc_session_call(DlcSession *s, int entry, int n, DlcError *e)
{
    const DlcModel *m = s->model;
    const DlcEntry *f = &m->entries[entry];
    for (int i = 0; i < f->input_count; i++)
        s->arguments[i] = s->in[f->inputs[i]];
    DlcCall call = {
        .params = s->params,
        .weights = s->weights ? s->weights : s->params,
        .state = s->states[entry],
        .memory = s->memory,
        .n = n,
        .in = s->arguments,
        .out = s->out,
        .values = s->values,
        .seed = s->seed,
        .workspace = s->workspace,
    };
    int status = f->call(&call);
    return status == 0 || fail_status(s, f->name, status, e);
}
