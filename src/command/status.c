/* status: everything at once, as the first screen has it; with --watch a line of JSON per change. */
#include "base/clock.h"
#include "base/i18n.h"
#include "base/memory.h"
#include "base/text.h"
#include "command/command.h"
#include "command/gather.h"
#include "command/output.h"
#include "session/document.h"
#include <uv.h>

enum { EVENTS_SHOWN = 5 };

static void print_row(struct output_table *table, const struct component_change *change, const struct picture_component *component)
{
    static const char *const drifts[] = {[DRIFT_UNKNOWN] = N_("unknown"), [DRIFT_NONE] = "-", [DRIFT_YES] = N_("drift")};
    CLEANUP_FREE char *ready = component->desired >= 0 ? memory_format("%d/%d", component->ready, component->desired) : NULL;
    bool same = change->change == CHANGE_SAME;
    bool ill = component->desired > component->ready;
    output_table_cell(table, OUTPUT_STRONG, change->identity.name);
    output_table_cell(table, OUTPUT_PLAIN, change->identity.stateful ? _("stateful") : _("stateless"));
    output_table_cell(table, same ? OUTPUT_PLAIN : OUTPUT_ALARM, change_kind_name(change->change));
    output_table_cell(table, ill ? OUTPUT_ALARM : OUTPUT_PLAIN, ready);
    output_table_cell(table, component->drift == DRIFT_YES ? OUTPUT_ALARM : OUTPUT_PLAIN, _(drifts[component->drift]));
    output_table_cell(table, OUTPUT_PLAIN, same && !change->labels_only ? NULL : change->summary);
}

/* What does not fit into a column: why it is not ready, and who changed what by hand. */
static void print_reasons(struct output *output, const char *name, const struct picture_component *component)
{
    if (component->desired > component->ready && component->rollout_reason[0] != '\0')
        output_line(output, _("  %s is not ready: %s"), name, component->rollout_reason);
    if (component->drift == DRIFT_YES)
        output_line(output, _("  %s drifted: %s"), name, component->drift_reason);
    else if (component->drift == DRIFT_UNKNOWN && component->drift_reason[0] != '\0')
        output_line(output, _("  %s: whether it drifted is not known: %s"), name, component->drift_reason);
}

static void print_components(struct output *output, const struct picture *picture)
{
    if (picture->changes == NULL || picture->component_count == 0)
        return;
    struct output_table *table = output_table_new(6);
    const char *const titles[] = {_("COMPONENT"), _("STATE"), _("CHANGE"), _("READY"), _("DRIFT"), _("WHAT")};
    for (size_t i = 0; i < LENGTH_OF(titles); i++)
        output_table_cell(table, OUTPUT_STRONG, titles[i]);
    for (size_t i = 0; i < picture->component_count; i++)
        print_row(table, &picture->changes->components[i], &picture->components[i]);
    output_table_print(output, table);
    for (size_t i = 0; i < picture->component_count; i++)
        print_reasons(output, picture->changes->components[i].identity.name, &picture->components[i]);
}

static void print_databases(struct output *output, const struct picture *picture)
{
    size_t healthy = 0;
    for (size_t i = 0; i < picture->database_count; i++)
        healthy += picture->databases[i].healthy;
    if (picture->database_count > 0)
        output_line(output, _("Databases: %zu of %zu healthy"), healthy, picture->database_count);
    for (size_t i = 0; i < picture->database_count; i++) {
        const struct picture_database *database = &picture->databases[i];
        if (!database->healthy)
            output_line(output, _("  %s/%s: %d of %d ready, %s"), database->namespace, database->name, database->ready, database->instances,
                        database->phase);
    }
}

/* The newest warnings: what the cluster itself complains about. */
static void print_events(struct output *output, const struct picture *picture)
{
    int shown = 0;
    for (size_t i = 0; i < picture->event_count && shown < EVENTS_SHOWN; i++) {
        const struct picture_event *event = &picture->events[i];
        if (!event->warning)
            continue;
        if (shown++ == 0)
            output_line(output, "%s", _("Newest warnings:"));
        char when[32];
        clock_format_time_of_day(event->last_ms, when, sizeof when);
        CLEANUP_FREE char *message = text_clean(event->message, false, 0);
        output_line(output, _("  %s UTC  %s %s: %s"), when, event->object, event->reason, message);
    }
}

static void print_apis(struct output *output, const struct picture *picture)
{
    for (size_t i = 0; i < picture->api_count; i++) {
        const struct picture_api *api = &picture->apis[i];
        struct text line = {0};
        for (size_t j = 0; j < api->version_count; j++)
            text_append_format(&line, "  %s%s: %zu", api->versions[j].name, api->versions[j].deprecated ? _(" (deprecated)") : "",
                               api->versions[j].count);
        output_line(output, "%s%s", api->crd, text_peek(&line));
        text_release(&line);
    }
}

static void print_unknown(struct output *output, const char *name, const struct part *part)
{
    if (part->state == PART_UNKNOWN || part->state == PART_STALE) {
        CLEANUP_FREE char *message = text_clean(part->error.message != NULL ? part->error.message : "", false, 0);
        output_line(output, "%s: %s: %s", name, part_state_name(part->state), message);
    }
}

static void print(struct output *output, struct session *session)
{
    const struct picture *picture = session_picture(session);
    const struct session_identity identity = session_identity(session);
    if (picture->target_revision != 0)
        output_line(output, _("%s  %s/%s  revision %d, target %d"), identity.context, identity.namespace, identity.release, picture->live_revision,
                    picture->target_revision);
    else
        output_line(output, _("%s  %s/%s  revision %d, no target: %s"), identity.context, identity.namespace, identity.release,
                    picture->live_revision, picture->target_reason != NULL ? picture->target_reason : "");
    print_components(output, picture);
    print_apis(output, picture);
    print_databases(output, picture);
    print_events(output, picture);
    print_unknown(output, _("history"), &picture->history_part);
    print_unknown(output, _("components"), &picture->components_part);
    print_unknown(output, _("databases"), &picture->databases_part);
    print_unknown(output, _("events"), &picture->events_part);
    for (size_t i = 0; i < picture->api_count; i++)
        print_unknown(output, picture->apis[i].crd, &picture->apis[i].part);
}

/* ---- --watch ---- */

struct watch {
    struct command_run *run;
    struct session *session;
    uint64_t printed;
    struct error error;
    bool ended;
    bool signals_closed;
    int open_signals;
};

static void count_closed(uv_handle_t *handle)
{
    struct watch *watch = handle->data;
    watch->signals_closed = --watch->open_signals == 0;
}

static void end_watch(uv_signal_t *signal, int number)
{
    (void)number;
    struct watch *watch = signal->data;
    watch->ended = true;
}

static void print_change(void *context)
{
    struct watch *watch = context;
    const struct picture *picture = session_picture(watch->session);
    if (session_error(watch->session) != NULL) {
        error_copy(&watch->error, session_error(watch->session));
        watch->ended = true;
    } else if (session_phase(watch->session) == SESSION_PICKING) {
        error_set(&watch->error, ERROR_USAGE, _("several releases fit: name one with --release NAME"));
        watch->ended = true;
    } else if (picture != NULL && session_complete(watch->session) && picture->version != watch->printed) {
        watch->printed = picture->version;
        if (!output_json(watch->run->output, document_status(watch->session), true, &watch->error))
            watch->ended = true;
    }
}

static bool watch(struct command_run *run, struct session_options *options, struct error *error)
{
    struct watch watch = {.run = run};
    if (!gather_options(run, options, error) || !session_open(run->loop, options, &watch.session, error))
        return false;
    session_observe(watch.session, print_change, &watch);
    uv_signal_t signals[2];
    const int numbers[] = {SIGINT, SIGTERM};
    for (size_t i = 0; i < LENGTH_OF(signals); i++) {
        uv_signal_init(loop_uv(run->loop), &signals[i]);
        signals[i].data = &watch;
        uv_signal_start(&signals[i], end_watch, numbers[i]);
    }
    while (!watch.ended)
        loop_run_until(run->loop, &watch.ended, INT64_MAX / 4);
    session_close(watch.session);
    watch.open_signals = (int)LENGTH_OF(signals);
    for (size_t i = 0; i < LENGTH_OF(signals); i++)
        uv_close((uv_handle_t *)&signals[i], count_closed);
    while (!watch.signals_closed) /* they live in this function */
        loop_run_until(run->loop, &watch.signals_closed, INT64_MAX / 4);
    bool ok = watch.error.code == ERROR_NONE;
    error_move(error, &watch.error);
    return ok;
}

static bool run(struct command_run *run, struct error *error)
{
    struct session_options options = {.wants = SITUATION_EVERYTHING};
    struct session *session = NULL;
    if (command_line_has(run->line, "watch"))
        return watch(run, &options, error);
    if (!gather(run, &options, &session, error))
        return false;
    bool ok = gather_part(&session_picture(session)->history_part, error);
    if (ok && run->output->json)
        ok = output_json(run->output, document_status(session), false, error);
    else if (ok)
        print(run->output, session);
    session_close(session);
    return ok;
}

static const struct command_option options[] = {
    {"watch", 'w', NULL, false, N_("print one line of JSON per change, until interrupted")},
    {0},
};

const struct command command_status = {
    .name = "status",
    .arguments = "",
    .summary = N_("show what runs, what changed and how it is"),
    .options = options,
    .run = run,
};
