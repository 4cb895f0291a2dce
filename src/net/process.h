/* Child processes on the event loop: argument vectors only (no shell), own process group, bounded output, a time limit. */
#pragma once

#include "base/error.h"
#include "net/loop.h"
#include <stddef.h>
#include <stdint.h>

struct process;

struct process_result;

struct process_request {
    const char *const *arguments;   /* [0] is looked up in PATH unless it has a slash; NULL at the end */
    const char *const *environment; /* "NAME=value" additions to this process's own; NULL at the end; may be NULL */
    const char *folder;             /* working folder or NULL */
    int64_t timeout_ms;             /* 0: none; afterwards the group gets SIGTERM, then SIGKILL */
    size_t output_limit;            /* bytes kept of each of stdout and stderr; more ends the child; 0: 1 MiB */
    /* Called as lines of stdout come (without the newline); NULL: output is only collected. */
    void (*on_line)(const char *line, void *context);
    void (*on_done)(const struct process_result *result, void *context); /* once, unless cancelled */
    void *context;
};

struct process_result {
    const struct error *error; /* could not be started, timed out, wrote too much; else NULL */
    int status;                /* exit status, or 128 + signal */
    const char *output;        /* NUL-terminated */
    size_t output_size;
    const char *errors; /* stderr, NUL-terminated */
};

/* NULL with `error` filled when it cannot even be started (not found, not executable). stdin is /dev/null. */
struct process *process_start(struct loop *loop, const struct process_request *request, struct error *error);
void process_cancel(struct process *process); /* kills the group; NULL is accepted; not after on_done */
