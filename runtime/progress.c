/* progress: the line that shows how far training is. */
#include "driver.h"

#include <string.h>
#include <time.h>
#include <unistd.h>

double dlc_clock(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

void dlc_progress_start(DlcProgress *p, bool quiet)
{
    p->live = !quiet && isatty(STDERR_FILENO);
    p->start = dlc_clock();
    p->shown = p->start;
}

const char *dlc_time_text(char text[32], double seconds)
{
    long long s = seconds < 1e15 ? (long long)(seconds + 0.5) : 0;
    if (seconds < 10)
        snprintf(text, 32, "%.1f s", seconds);
    else if (s < 60)
        snprintf(text, 32, "%lld s", s);
    else if (s < 3600)
        snprintf(text, 32, "%lld min %lld s", s / 60, s % 60);
    else
        snprintf(text, 32, "%lld h %lld min", s / 3600, s / 60 % 60);
    return text;
}

void dlc_progress_show(DlcProgress *p, double done, double total,
                       const char *text)
{
    double now = dlc_clock();
    if (!p->live || now - p->shown < 0.1)
        return;
    p->shown = now;
    char left[32] = "?";
    if (done > 0)
        dlc_time_text(left, (now - p->start) * (total - done) / done);
    fprintf(stderr, "\r\033[K%3.0f%%  %.150s  %s left",
            total > 0 ? 100 * done / total : 0, text, left);
    fflush(stderr);
}

void dlc_progress_clear(DlcProgress *p)
{
    if (p->live)
        fputs("\r\033[K", stderr);
}

void dlc_value_text(char *text, size_t size, const char *name, double value)
{
    size_t used = strlen(text);
    double positive = value < 0 ? -value : value;
    const char *form = positive >= 1e-3 && positive < 1e6 ? "  %s %.4f"
                       : value == 0                       ? "  %s %.0f"
                                                          : "  %s %.3e";
    int c = snprintf(text + used, size - used, form, name, value);
    if (c < 0 || (size_t)c >= size - used)
        text[used] = 0; /* no room: leave it out whole */
}
