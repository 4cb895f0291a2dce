#include "command/gather.h"
#include "base/i18n.h"
#include "base/text.h"
#include "command/demo.h"
#include <stdlib.h>

/* Requests have time limits of their own; this one only ends a command whose server answers for ever. */
enum { LIMIT_MS = 120000 };

static const char *environment(const char *name)
{
    const char *value = getenv(name);
    return value != NULL && value[0] != '\0' ? value : NULL;
}

bool gather_options(const struct command_run *run, struct session_options *options, struct error *error)
{
    const struct command_line *line = run->line;
    options->kubeconfig = command_line_value(line, "kubeconfig");
    options->context = command_line_value(line, "context");
    options->namespace = command_line_value(line, "namespace");
    options->release = command_line_value(line, "release");
    options->playbook = command_line_value(line, "playbook");
    options->log = command_line_value(line, "log");
    options->drill = command_line_has(line, "drill");
    if (run->demo != NULL) {
        options->kubeconfig = demo_kubeconfig(run->demo);
        options->context = NULL;
        options->demo = demo_scenario(run->demo);
    } else { /* what the environment says is about clusters of one's own */
        options->helm_driver = environment("HELM_DRIVER");
        if (options->namespace == NULL)
            options->namespace = environment("HELM_NAMESPACE");
    }
    const char *mode = command_line_value(line, "read-only");
    options->read_only = command_line_has(line, "read-only");
    options->read_only_dry_run = text_equal(mode, "dry-run");
    if (mode != NULL && !options->read_only_dry_run)
        return error_set(error, ERROR_USAGE, _("--read-only takes no value or 'dry-run'"));
    return true;
}

static void note_change(void *context)
{
    bool *changed = context;
    *changed = true;
}

bool gather(const struct command_run *run, struct session_options *options, struct session **ret_session, struct error *error)
{
    options->once = true;
    if (!gather_options(run, options, error))
        return false;
    struct session *session = NULL;
    if (!session_open(run->loop, options, &session, error))
        return false;
    const struct clock *clock = loop_clock(run->loop);
    int64_t end_ms = clock_boot_ms(clock) + LIMIT_MS;
    bool changed = false;
    session_observe(session, note_change, &changed);
    while (!session_complete(session) && clock_boot_ms(clock) < end_ms) {
        changed = false;
        loop_run_until(run->loop, &changed, end_ms - clock_boot_ms(clock));
    }
    session_observe(session, NULL, NULL); /* the session lives on, `changed` does not */
    if (session_error(session) != NULL)
        error_copy(error, session_error(session));
    else if (!session_complete(session))
        error_set(error, ERROR_UNREACHABLE, _("the server did not answer everything within %d s"), LIMIT_MS / 1000);
    if (session_error(session) != NULL || !session_complete(session)) {
        session_close(session);
        return false;
    }
    *ret_session = session;
    return true;
}

bool gather_part(const struct part *part, struct error *error)
{
    if (part->state != PART_UNKNOWN)
        return true;
    error_copy(error, &part->error);
    return false;
}
