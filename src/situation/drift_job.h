/* Drift judged on a worker, from private copies and held records. */
#pragma once

#include "helm/record.h"
#include "net/loop.h"
#include "situation/drift.h"
#include <stddef.h>

/* Everything is borrowed during drift_job_start(); the records are held until the job has ended. */
struct drift_job_input {
    const struct helm_record *from, *to; /* that the manifests' objects are of; `to` may be NULL */
    struct drift_manifests manifests;
    const struct component_identity *identity; /* NULL: no fingerprint */
    const char *live;                          /* JSON */
    size_t live_size;
};

/* On the loop: what was found (taken over by whoever moves it out and empties *look), or why nothing could be. */
typedef void (*drift_job_done)(struct drift_look *look, const struct error *error, void *context);

/* The first look. */
struct loop_job *drift_job_start(struct loop *loop, const struct drift_job_input *input, drift_job_done done,
                                 void *context);

/* The second: the server's answer to the dry run of `look`, which is moved into the job; `answer` is owned by it, too.
 */
struct loop_job *drift_job_confirm(struct loop *loop, const struct drift_job_input *input, struct drift_look *look,
                                   char *answer, size_t answer_size, drift_job_done done, void *context);
