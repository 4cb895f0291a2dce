#include "situation/drift_job.h"
#include "base/memory.h"
#include <stdlib.h>

/* Private to the worker, but for the records, which are only read. */
struct drift_job {
    const struct helm_record *from, *to; /* holds */
    struct drift_manifests manifests;
    char *release, *namespace;
    bool identified;
    struct component_identity identity; /* what a fingerprint of what lives is made by: the kind */
    char *live;
    size_t live_size;
    char *answer; /* of the dry run; NULL: the first look */
    size_t answer_size;
    struct drift_look look;
    bool good;
    struct error error;
    drift_job_done done;
    void *context;
};

static void free_job(void *data)
{
    struct drift_job *job = data;
    helm_record_free(job->from);
    helm_record_free(job->to);
    drift_look_release(&job->look);
    error_release(&job->error);
    free((char *)job->identity.kind);
    free(job->release);
    free(job->namespace);
    free(job->live);
    free(job->answer);
    free(job);
}

static void work(void *data)
{
    struct drift_job *job = data;
    if (job->answer == NULL)
        job->good = drift_look(&job->manifests, job->identified ? &job->identity : NULL, job->live, job->live_size,
                               &job->look, &job->error);
    else
        job->good = drift_confirm(&job->look, &job->manifests, job->live, job->live_size, job->answer, job->answer_size,
                                  &job->error);
}

static void worked(void *data)
{
    struct drift_job *job = data;
    job->done(&job->look, job->good ? NULL : &job->error, job->context);
    free_job(job);
}

static struct drift_job *make_job(const struct drift_job_input *input, drift_job_done done, void *context)
{
    struct drift_job *job = memory_new(sizeof *job);
    job->from = helm_record_hold(input->from);
    job->to = input->to != NULL ? helm_record_hold(input->to) : NULL;
    job->release = memory_text(input->manifests.release);
    job->namespace = memory_text(input->manifests.namespace);
    job->manifests = (struct drift_manifests){input->manifests.from, input->manifests.to, job->release, job->namespace};
    job->identified = input->identity != NULL;
    job->identity.kind = input->identity != NULL ? memory_text(input->identity->kind) : NULL;
    job->live = memory_copy(input->live, input->live_size + 1);
    job->live_size = input->live_size;
    job->done = done;
    job->context = context;
    return job;
}

struct loop_job *drift_job_start(struct loop *loop, const struct drift_job_input *input, drift_job_done done,
                                 void *context)
{
    return loop_job_start(loop, work, worked, free_job, make_job(input, done, context));
}

struct loop_job *drift_job_confirm(struct loop *loop, const struct drift_job_input *input, struct drift_look *look,
                                   char *answer, size_t answer_size, drift_job_done done, void *context)
{
    struct drift_job *job = make_job(input, done, context);
    job->look = *look;
    *look = (struct drift_look){0};
    job->answer = answer;
    job->answer_size = answer_size;
    return loop_job_start(loop, work, worked, free_job, job);
}
