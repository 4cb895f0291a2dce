/* Token and certificate files, read again by a worker: they may lie on a slow file system. */
#include "base/memory.h"
#include "kube/credential_spec.h"
#include <stdlib.h>
#include <string.h>

/* Everything that the worker touches is a private copy. */
struct kube_files_job {
    char *token_file;
    char *cert_file;
    char *key_file;
    struct kube_files_answer answer;
    struct loop_job *job;
    kube_files_done done;
    void *context;
};

static void free_job(void *data)
{
    struct kube_files_job *job = data;
    free(job->token_file);
    free(job->cert_file);
    free(job->key_file);
    free(job->answer.token);
    free(job->answer.cert_pem);
    free(job->answer.key_pem);
    free(job);
}

static void read_files(void *data)
{
    struct kube_files_job *job = data;
    if (job->token_file != NULL)
        kube_token_read_file(job->token_file, &job->answer.token, NULL);
    if (job->cert_file != NULL)
        kube_certificate_read_files(job->cert_file, job->key_file, &job->answer.cert_pem, &job->answer.key_pem, NULL);
}

static void on_read(void *data)
{
    struct kube_files_job *job = data;
    job->done(&job->answer, job->context);
    free_job(job);
}

struct kube_files_job *kube_files_start(struct loop *loop, const struct kube_credential_spec *spec,
                                        kube_files_done done, void *context)
{
    struct kube_files_job *job = memory_new(sizeof(*job));
    job->token_file = memory_text(spec->token_file);
    job->cert_file = memory_text(spec->cert_file);
    job->key_file = memory_text(spec->key_file);
    job->done = done;
    job->context = context;
    job->job = loop_job_start(loop, read_files, on_read, free_job, job);
    return job;
}

void kube_files_cancel(struct kube_files_job *job)
{
    if (job != NULL)
        loop_job_cancel(job->job);
}
