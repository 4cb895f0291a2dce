/* One run of a credential plugin, and what is told about it when it fails. */
#include "base/i18n.h"
#include "base/memory.h"
#include "base/redact.h"
#include "base/text.h"
#include "kube/credential_spec.h"
#include "net/process.h"
#include <stdlib.h>
#include <string.h>

#define OUTPUT_LIMIT ((size_t)256 << 10)
#define EXCERPT_SIZE 600 /* of stderr: the end of it is what explains a failure */

struct kube_exec_run {
    const struct kube_exec_spec *spec;
    const char *user;
    void (*done)(struct kube_exec_answer *answer, const struct error *error, void *context);
    void *context;
    struct process *process;
    struct loop_timer *soon; /* tells a failure to start, after kube_exec_start() has returned */
    struct error start_error;
};

/* What the plugin said last on stderr: on one line, safe to show, without secrets. NULL when it said nothing. */
static char *last_words(const char *errors)
{
    size_t size = strlen(errors);
    const char *tail = size > EXCERPT_SIZE ? errors + size - EXCERPT_SIZE : errors;
    while (((unsigned char)*tail & 0xc0) == 0x80)
        tail++; /* never begin inside a character */
    CLEANUP_FREE char *masked = redact_text(tail);
    struct text line = {.bytes = NULL};
    for (const char *next = masked; *next != '\0'; next++) {
        bool white = strchr(" \t\r\n", *next) != NULL;
        if (!white)
            text_append_char(&line, *next);
        else if (line.size > 0 && line.bytes[line.size - 1] != ' ')
            text_append_char(&line, ' ');
    }
    while (line.size > 0 && line.bytes[line.size - 1] == ' ')
        line.bytes[--line.size] = '\0';
    char *cleaned = line.size == 0 ? NULL : text_clean(text_peek(&line), false, 0);
    text_release(&line);
    return cleaned;
}

static void describe(const struct kube_exec_run *run, const char *what, const char *errors, struct error *error)
{
    CLEANUP_FREE char *command = text_clean(run->spec->arguments[0], false, 200);
    CLEANUP_FREE char *words = errors == NULL ? NULL : last_words(errors);
    error_set(error, ERROR_UNREACHABLE, _("The credential plugin '%s' of user '%s' %s%s%s"), command, run->user, what,
              words != NULL ? _("; it said: ") : ".", words != NULL ? words : "");
    error_hint(error, _("Run it by hand to see more, and sign in again if it asks; it is configured in %s."),
               run->spec->place);
}

static void free_run(struct kube_exec_run *run)
{
    loop_timer_cancel(run->soon);
    error_release(&run->start_error);
    free(run);
}

/* Tells the result as the last thing, for the callback may free everything around it. */
static void tell(struct kube_exec_run *run, struct kube_exec_answer *answer, struct error *error)
{
    void (*done)(struct kube_exec_answer *, const struct error *, void *) = run->done;
    void *context = run->context;
    free_run(run);
    done(answer, error, context);
    kube_exec_answer_release(answer);
    error_release(error);
}

static void on_done(const struct process_result *result, void *context)
{
    struct kube_exec_run *run = context;
    struct kube_exec_answer answer = {0};
    struct error error = {0};
    run->process = NULL;
    if (result->error != NULL) {
        CLEANUP_FREE char *what = memory_format(_("was ended: %s"), result->error->message);
        describe(run, what, result->errors, &error);
    } else if (result->status != 0) {
        CLEANUP_FREE char *what = memory_format(_("failed with status %d"), result->status);
        describe(run, what, result->errors, &error);
    } else {
        struct error reason = {0};
        if (!kube_exec_answer_parse(result->output, result->output_size, run->spec->api_version, &answer, &reason))
            describe(run, reason.message, result->errors, &error);
        error_release(&reason);
    }
    tell(run, &answer, &error);
}

static void on_not_started(void *context)
{
    struct kube_exec_run *run = context;
    struct kube_exec_answer answer = {0};
    struct error error = {0};
    CLEANUP_FREE char *what = memory_format(_("cannot be started: %s"), run->start_error.message);
    describe(run, what, NULL, &error);
    if (run->spec->install_hint != NULL) {
        CLEANUP_FREE char *install = text_clean(run->spec->install_hint, true, 2000);
        error_hint(&error, _("It is needed to sign in to this cluster (configured in %s). %s"), run->spec->place,
                   install);
    } else {
        error_hint(&error, _("Install it, or correct the command in %s."), run->spec->place);
    }
    tell(run, &answer, &error);
}

struct kube_exec_run *
kube_exec_start(struct loop *loop, const struct kube_exec_spec *spec, const char *user,
                void (*done)(struct kube_exec_answer *answer, const struct error *error, void *context), void *context)
{
    struct kube_exec_run *run = memory_new(sizeof(*run));
    run->spec = spec;
    run->user = user;
    run->done = done;
    run->context = context;
    const struct process_request request = {
        .arguments = (const char *const *)spec->arguments,
        .environment = (const char *const *)spec->environment,
        .timeout_ms = spec->limit_ms,
        .output_limit = OUTPUT_LIMIT,
        .on_done = on_done,
        .context = run,
    };
    run->process = process_start(loop, &request, &run->start_error);
    if (run->process == NULL)
        run->soon = loop_timer_start(loop, 0, 0, on_not_started, run);
    return run;
}

void kube_exec_cancel(struct kube_exec_run *run)
{
    if (run == NULL)
        return;
    process_cancel(run->process);
    free_run(run);
}
