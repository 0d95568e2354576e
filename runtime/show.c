/* show: images as text, with what the network takes them for. */
#include "driver.h"

#include <inttypes.h>

#define COLUMNS 78    /* of the terminal */
#define CELL_LEAST 24 /* columns an image takes, for the text below it */
#define GAP 2

typedef struct Show {
    DlcSession *session;
    const DlcEntry *infer;
    const DlcSet *set;
    int image, label; /* inputs of the model; label may be -1 */
    int64_t height, width, classes;
    int64_t cell; /* columns an image takes */
} Show;

static double pixel(const Show *s, int64_t sample, int64_t y, int64_t x)
{
    const void *in = s->session->in[s->image];
    int64_t i = (sample * s->height + y) * s->width + x;
    if (s->session->model->inputs[s->image].elem == DLC_F64)
        return ((const double *)in)[i];
    return (double)((const float *)in)[i];
}

/* One line of text is two rows of pixels, since letters are tall. */
static void put_row(const Show *s, int64_t sample, int64_t y)
{
    static const char shades[] = " .:-=+*#%@";
    for (int64_t x = 0; x < s->width; x++) {
        double v = pixel(s, sample, y, x);
        if (y + 1 < s->height)
            v = (v + pixel(s, sample, y + 1, x)) / 2;
        int shade = v > 0 ? (int)((v < 1 ? v : 1) * 9 + 0.5) : 0;
        putchar(shades[shade]);
    }
}

static double output_at(const Show *s, int64_t i)
{
    if (s->infer->outputs[0].elem == DLC_F64)
        return ((const double *)s->session->out[0])[i];
    return (double)((const float *)s->session->out[0])[i];
}

static int64_t class_of(const Show *s, int64_t sample)
{
    int64_t best = 0;
    for (int64_t k = 1; k < s->classes; k++)
        if (output_at(s, sample * s->classes + k) >
            output_at(s, sample * s->classes + best))
            best = k;
    return best;
}

static void name_of(const Show *s, int64_t class, char *text, size_t size)
{
    int count = 0;
    const char *const *names = dlc_known_classes(s->set->known, &count);
    if (names && class >= 0 && class < count)
        snprintf(text, size, "%s", names[class]);
    else
        snprintf(text, size, "class %" PRId64, class);
}

/* "sneaker 97.1%" */
static void put_found(const Show *s, int64_t sample)
{
    char name[40], text[80];
    int64_t found = class_of(s, sample);
    name_of(s, found, name, sizeof name);
    snprintf(text, sizeof text, "%s %.1f%%", name,
             100 * output_at(s, sample * s->classes + found));
    printf("%-*s", (int)s->cell, text);
}

/* "true: sandal (wrong)" */
static void put_truth(const Show *s, int64_t sample)
{
    char name[40], text[80];
    int32_t truth = ((const int32_t *)s->session->in[s->label])[sample];
    name_of(s, truth, name, sizeof name);
    snprintf(text, sizeof text, "true: %s%s", name,
             class_of(s, sample) == truth ? "" : " (wrong)");
    printf("%-*s", (int)s->cell, text);
}

static void put_group(const Show *s, int64_t first, int64_t count)
{
    for (int64_t y = 0; y < s->height; y += 2) {
        for (int64_t k = 0; k < count; k++) {
            put_row(s, first + k, y);
            printf("%*s", (int)(s->cell - s->width), "");
        }
        putchar('\n');
    }
    for (int64_t k = 0; k < count; k++)
        put_found(s, first + k);
    putchar('\n');
    for (int64_t k = 0; s->label >= 0 && k < count; k++)
        put_truth(s, first + k);
    puts(s->label >= 0 ? "\n" : "");
}

/* The sizes of an image: the last two axes, of the input or of the file. */
static bool find_image(Show *s, DlcError *e)
{
    const DlcModel *m = s->session->model;
    s->image = s->label = -1;
    for (int i = 0; i < m->input_count; i++) {
        const DlcTensor *t = &m->inputs[i];
        bool sampled = dlc_input_is_sampled(m, t);
        if (!sampled || !s->set->given[i])
            continue;
        int64_t row = dlc_tensor_count(t, 1, 1);
        const DlcArray *a = &s->set->arrays[i];
        if (t->elem == DLC_I32 && row == 1 && s->label < 0)
            s->label = i;
        if ((t->elem != DLC_F32 && t->elem != DLC_F64) || s->image >= 0)
            continue;
        s->height = t->rank >= 3 ? t->dims[t->rank - 2] : 0;
        s->width = t->rank >= 3 ? t->dims[t->rank - 1] : 0;
        if (s->height * s->width != row && a->rank >= 3) {
            s->height = a->dims[a->rank - 2];
            s->width = a->dims[a->rank - 1];
        }
        if (s->height * s->width == row && s->width <= 200)
            s->image = i;
    }
    if (s->image < 0)
        return dlc_fail(e, "--show: no input is an image with one channel");
    return true;
}

static bool find_classes(Show *s, DlcError *e)
{
    const DlcModel *m = s->session->model;
    int entry = dlc_entry_of_kind(m, DLC_INFER);
    if (entry < 0 || m->entries[entry].output_count == 0)
        return dlc_fail(e, "--show: the model has no output");
    s->infer = &m->entries[entry];
    const DlcTensor *t = &s->infer->outputs[0];
    s->classes = dlc_tensor_count(t, 1, 1);
    if ((t->elem != DLC_F32 && t->elem != DLC_F64) || t->rank != 2)
        return dlc_fail(e,
                        "--show: output '%s' is not one row of "
                        "probabilities a sample",
                        t->name);
    return dlc_set_feeds(s->set, entry, "test", e);
}

bool dlc_show(DlcSession *session, const DlcSet *set, int64_t k, DlcError *e)
{
    Show s = {.session = session, .set = set};
    if (!find_image(&s, e) || !find_classes(&s, e) ||
        !dlc_session_pack(session, e))
        return false;
    int entry = dlc_entry_of_kind(session->model, DLC_INFER);
    s.cell = (s.width > CELL_LEAST ? s.width : CELL_LEAST) + GAP;
    int64_t together = (COLUMNS + GAP) / s.cell;
    if (together < 1)
        together = 1;
    for (int64_t b = 0; b < dlc_set_batches(set) && k > 0; b++) {
        int n = dlc_set_batch_size(set, b);
        dlc_set_batch(set, session, NULL, b * session->model->batch, n);
        if (!dlc_session_call(session, entry, n, e))
            return false;
        for (int64_t i = 0; i < n && k > 0;) {
            int64_t count = n - i < together ? n - i : together;
            if (count > k)
                count = k;
            put_group(&s, i, count);
            i += count;
            k -= count;
        }
    }
    return true;
}
