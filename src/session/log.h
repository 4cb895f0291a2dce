/* --log FILE: what happens, a line each, with wall time; cleaned and redacted before it is written. For reading after the fact, never for scripts. */
#pragma once

#include "base/clock.h"
#include "base/error.h"
#include <stdbool.h>

struct log;

/* Appends to `path` (mode 0600 when it is made). `path` NULL: a log that keeps nothing. */
bool log_open(const char *path, const struct clock *clock, struct log **ret_log, struct error *error);
void log_close(struct log *log);
void log_line(struct log *log, const char *format, ...) __attribute__((format(printf, 2, 3)));
