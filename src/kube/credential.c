/*
 * The living provider: keeps the current proof, makes a new one when it is due or was refused, and lets everybody wait
 * for the same one.
 *
 * What takes time runs elsewhere: files are read by a worker job, plugins are processes. At most one of them is under
 * way. Answers are told one by one from a timer, each as the last thing that is done, so that a callback may cancel,
 * ask again or free the credential.
 */
#include "kube/credential.h"
#include "base/array.h"
#include "base/clock.h"
#include "base/i18n.h"
#include "base/memory.h"
#include "base/text.h"
#include "kube/certificate.h"
#include "kube/credential_spec.h"
#include <stdlib.h>
#include <string.h>

#define FILE_PERIOD_MS  60000 /* token and certificate files are read again so often, as in client-go */
#define EXPIRY_SKEW_MS  10000 /* a proof is made anew so long before its end */
#define FAILURE_HOLD_MS 2000  /* a plugin that failed is not run again at once for the next in the queue */
#define CLOCK_TEXT_SIZE 32

struct kube_credential {
    struct loop *loop;
    const struct kube_credential_spec *spec;
    char *authorization;
    char *cert_pem;
    char *key_pem;
    uint64_t generation;
    int64_t read_ms;         /* boot time when the files were read last */
    int64_t expires_wall_ms; /* CLOCK_UNKNOWN: never */
    struct error failure;    /* of the last try to make a proof */
    int64_t failed_ms;       /* boot time of it */
    struct kube_exec_run *run;
    struct kube_files_job *job;
    struct loop_timer *soon;
    struct array waits; /* of struct kube_credential_wait, oldest first */
};

struct kube_credential_wait {
    struct kube_credential *credential;
    uint64_t rejected;
    kube_credential_ready ready;
    void *context;
};

static void replace(char **place, char *text)
{
    if (*place != NULL)
        explicit_bzero(*place, strlen(*place));
    free(*place);
    *place = text;
}

static bool reads_files(const struct kube_credential *credential)
{
    return credential->spec->token_file != NULL || credential->spec->cert_file != NULL;
}

struct kube_credential *kube_credential_new(struct loop *loop, const struct kube_credential_spec *spec)
{
    struct kube_credential *credential = memory_new(sizeof(*credential));
    credential->loop = loop;
    credential->spec = spec;
    credential->expires_wall_ms = CLOCK_UNKNOWN;
    credential->waits.free_item = free;
    if (spec->exec != NULL)
        return credential; /* the plugin makes the first proof */
    if (spec->token != NULL)
        credential->authorization = kube_token_authorization(spec->token);
    else if (spec->username != NULL || spec->password != NULL)
        credential->authorization = kube_basic_authorization(spec->username, spec->password);
    credential->cert_pem = memory_text(spec->cert_pem);
    credential->key_pem = memory_text(spec->key_pem);
    credential->read_ms = clock_boot_ms(loop_clock(loop));
    credential->generation = 1;
    return credential;
}

void kube_credential_free(struct kube_credential *credential)
{
    if (credential == NULL)
        return;
    kube_exec_cancel(credential->run);
    kube_files_cancel(credential->job);
    loop_timer_cancel(credential->soon);
    array_release(&credential->waits);
    replace(&credential->authorization, NULL);
    replace(&credential->cert_pem, NULL);
    replace(&credential->key_pem, NULL);
    error_release(&credential->failure);
    free(credential);
}

/* Why a proof that cannot be made anew was refused, as far as its own text tells. */
static void describe_refusal(const struct kube_credential *credential, struct error *error)
{
    const struct kube_credential_spec *spec = credential->spec;
    const char *bearer = credential->authorization;
    const char *what = _("the user name and password");
    int64_t expiry = CLOCK_UNKNOWN;
    bool known = false;
    if (bearer != NULL && text_starts(bearer, "Bearer ")) {
        what = _("the token");
        known = kube_token_expiry(bearer + strlen("Bearer "), &expiry);
    } else if (bearer == NULL && credential->cert_pem != NULL) {
        what = _("the client certificate");
        known = kube_certificate_expiry(credential->cert_pem, &expiry);
    } else if (bearer == NULL) {
        if (spec->user[0] == '\0')
            error_set(error, ERROR_UNREACHABLE,
                      _("The server wants to know who you are, but the context names no user."));
        else
            error_set(error, ERROR_UNREACHABLE,
                      _("The server wants to know who you are, but user '%s' has no way of proving it."), spec->user);
        error_hint(error, _("Sign in, or add a token, a client certificate or an exec plugin to the kubeconfig."));
        return;
    }
    char when[CLOCK_TEXT_SIZE] = "";
    if (known && expiry <= clock_wall_ms(loop_clock(credential->loop))) {
        clock_format(expiry, when, sizeof(when));
        error_set(error, ERROR_UNREACHABLE, _("The server does not accept %s of user '%s': it expired at %s."), what,
                  spec->user, when);
    } else {
        error_set(error, ERROR_UNREACHABLE, _("The server does not accept %s of user '%s'."), what, spec->user);
    }
    error_hint(error, _("Sign in again, or choose another context with --context."));
}

static void deliver_one(void *context);

static void arm(struct kube_credential *credential)
{
    loop_timer_cancel(credential->soon);
    credential->soon =
        credential->waits.count == 0 ? NULL : loop_timer_start(credential->loop, 0, 0, deliver_one, credential);
}

static void deliver_one(void *context)
{
    struct kube_credential *credential = context;
    CLEANUP_FREE struct kube_credential_wait *wait =
        credential->waits.count == 0 ? NULL : array_take(&credential->waits, 0);
    arm(credential);
    if (wait == NULL)
        return; /* cancelled meanwhile */
    struct error error = {0};
    const struct kube_proof proof = {
        .authorization = credential->authorization,
        .cert_pem = credential->cert_pem,
        .key_pem = credential->key_pem,
        .generation = credential->generation,
    };
    if (credential->failure.code != ERROR_NONE)
        error_copy(&error, &credential->failure);
    else if (wait->rejected == credential->generation)
        describe_refusal(credential, &error);
    bool failed = error.code != ERROR_NONE;
    wait->ready(failed ? NULL : &proof, failed ? &error : NULL, wait->context);
    error_release(&error);
}

static void set_failure(struct kube_credential *credential, const struct error *error)
{
    error_copy(&credential->failure, error);
    credential->failed_ms = clock_boot_ms(loop_clock(credential->loop));
}

static void on_plugin(struct kube_exec_answer *answer, const struct error *error, void *context)
{
    struct kube_credential *credential = context;
    credential->run = NULL;
    if (error != NULL) {
        set_failure(credential, error);
    } else {
        replace(&credential->authorization, answer->token == NULL ? NULL : kube_token_authorization(answer->token));
        replace(&credential->cert_pem, STEAL(answer->cert_pem));
        replace(&credential->key_pem, STEAL(answer->key_pem));
        credential->expires_wall_ms = answer->expires_wall_ms;
        credential->generation++;
    }
    arm(credential);
}

/* A file that cannot be read just now (it is being replaced, perhaps) leaves the last proof as it was. */
static void on_files(struct kube_files_answer *answer, void *context)
{
    struct kube_credential *credential = context;
    bool changed = false;
    credential->job = NULL;
    credential->read_ms = clock_boot_ms(loop_clock(credential->loop));
    CLEANUP_FREE char *authorization = answer->token == NULL ? NULL : kube_token_authorization(answer->token);
    if (authorization != NULL && !text_equal(authorization, credential->authorization)) {
        replace(&credential->authorization, STEAL(authorization));
        changed = true;
    }
    bool other_pair =
        !text_equal(answer->cert_pem, credential->cert_pem) || !text_equal(answer->key_pem, credential->key_pem);
    if (answer->cert_pem != NULL && other_pair) {
        replace(&credential->cert_pem, STEAL(answer->cert_pem));
        replace(&credential->key_pem, STEAL(answer->key_pem));
        changed = true;
    }
    if (changed)
        credential->generation++;
    arm(credential);
}

/* Whether the plugin has to run before anybody gets an answer. */
static bool plugin_is_due(const struct kube_credential *credential, uint64_t rejected)
{
    const struct clock *clock = loop_clock(credential->loop);
    if (credential->failure.code != ERROR_NONE)
        return clock_boot_ms(clock) - credential->failed_ms >= FAILURE_HOLD_MS;
    bool expired = credential->expires_wall_ms != CLOCK_UNKNOWN &&
                   credential->expires_wall_ms - EXPIRY_SKEW_MS <= clock_wall_ms(clock);
    return credential->generation == 0 || expired || rejected == credential->generation;
}

static bool files_are_due(const struct kube_credential *credential, uint64_t rejected)
{
    int64_t age = clock_boot_ms(loop_clock(credential->loop)) - credential->read_ms;
    return rejected == credential->generation || age >= FILE_PERIOD_MS - EXPIRY_SKEW_MS;
}

struct kube_credential_wait *kube_credential_get(struct kube_credential *credential, uint64_t rejected,
                                                 kube_credential_ready ready, void *context)
{
    struct kube_credential_wait *wait = memory_new(sizeof(*wait));
    *wait = (struct kube_credential_wait){
        .credential = credential, .rejected = rejected, .ready = ready, .context = context};
    array_append(&credential->waits, wait);
    if (credential->run != NULL || credential->job != NULL)
        return wait; /* all are answered when it ends */
    bool plugin = credential->spec->exec != NULL && plugin_is_due(credential, rejected);
    bool files = credential->spec->exec == NULL && reads_files(credential) && files_are_due(credential, rejected);
    if (plugin || files) {
        loop_timer_cancel(credential->soon);
        credential->soon = NULL;
        error_release(&credential->failure);
    }
    if (plugin)
        credential->run =
            kube_exec_start(credential->loop, credential->spec->exec, credential->spec->user, on_plugin, credential);
    else if (files)
        credential->job = kube_files_start(credential->loop, credential->spec, on_files, credential);
    else if (credential->soon == NULL)
        arm(credential);
    return wait;
}

void kube_credential_cancel(struct kube_credential_wait *wait)
{
    if (wait == NULL)
        return;
    struct array *waits = &wait->credential->waits;
    for (size_t i = 0; i < waits->count; i++) {
        if (waits->items[i] == wait) {
            array_remove(waits, i);
            return;
        }
    }
}
