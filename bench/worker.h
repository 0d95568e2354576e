/* A program whose time is taken by bench/duel.py.
 *
 * worker.c has main: it calls worker_setup once, then obeys lines on standard
 * input, each answered by one line on standard output:
 *   time SECONDS  runs again and again; "CPU WALL RUNS": medians in
 *                 nanoseconds a run, and how many runs there were
 *   write FILE    the last result, raw; "BYTES"
 *   memory        "KIB": the most this process has held
 * The first line it prints is "ready", after the first run, with the
 * nanoseconds since main began.
 */
#ifndef WORKER_H
#define WORKER_H

#include <stddef.h>

void worker_setup(int argc, char **argv);
void worker_run(void);
const void *worker_result(size_t *bytes);

/* Ends the program with a message when `ok` is false. */
void worker_check(int ok, const char *what);
/* A whole file, mapped; its size must be `bytes`. What is written stays in
 * memory. */
void *worker_read(const char *path, size_t bytes);
void *worker_alloc(size_t bytes); /* aligned to 64, zeros */

#endif
