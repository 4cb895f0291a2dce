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
    kube_exec_done done;
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

/* The first sentence says what went wrong; what the plugin said itself comes behind it. */
static void describe(const struct kube_exec_run *run, const char *sentence, const char *errors, struct error *error)
{
    CLEANUP_FREE char *words = last_words(errors);
    if (words == NULL)
        error_set(error, ERROR_UNREACHABLE, "%s", sentence);
    else
        error_set(error, ERROR_UNREACHABLE, _("%s It said: %s"), sentence, words);
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
    kube_exec_done done = run->done;
    void *context = run->context;
    free_run(run);
    done(answer, error->code != ERROR_NONE ? error : NULL, context);
    kube_exec_answer_release(answer);
    error_release(error);
}

static void on_done(const struct process_result *result, void *context)
{
    struct kube_exec_run *run = context;
    struct kube_exec_answer answer = {0};
    struct error error = {0};
    struct error reason = {0};
    CLEANUP_FREE char *command = text_clean(run->spec->arguments[0], false, 200);
    CLEANUP_FREE char *sentence = NULL;
    run->process = NULL;
    if (result->error != NULL)
        sentence = memory_format(_("The credential plugin of user '%s' failed: %s"), run->user, result->error->message);
    else if (result->status != 0)
        sentence = memory_format(_("The credential plugin '%s' of user '%s' failed with status %d."), command,
                                 run->user, result->status);
    else if (!kube_exec_answer_parse(result->output, result->output_size, run->spec->api_version, &answer, &reason))
        sentence = memory_format(_("The credential plugin '%s' of user '%s' %s."), command, run->user, reason.message);
    if (sentence != NULL)
        describe(run, sentence, result->errors, &error);
    error_release(&reason);
    tell(run, &answer, &error);
}

static void on_not_started(void *context)
{
    struct kube_exec_run *run = context;
    const struct kube_exec_spec *spec = run->spec;
    struct kube_exec_answer answer = {0};
    struct error error = {0};
    error_set(&error, ERROR_UNREACHABLE, _("The credential plugin of user '%s' cannot be run: %s"), run->user,
              run->start_error.message);
    if (spec->install_hint != NULL) {
        CLEANUP_FREE char *install = text_clean(spec->install_hint, true, 2000);
        error_hint(&error, "%s", install);
    } else {
        error_hint(&error, _("Install it, or correct the command in %s."), spec->place);
    }
    tell(run, &answer, &error);
}

struct kube_exec_run *kube_exec_start(struct loop *loop, const struct kube_exec_spec *spec, const char *user,
                                      kube_exec_done done, void *context)
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
