/* releases: every Helm release, from the labels of its newest record. */
#include "base/clock.h"
#include "base/i18n.h"
#include "base/text.h"
#include "command/command.h"
#include "command/gather.h"
#include "command/output.h"
#include "helm/releases.h"
#include "session/missing_namespace.h"

struct listing {
    bool done;
    struct helm_releases *releases;
    struct error error;
};

static void listed(struct helm_releases *releases, const struct error *error, void *context)
{
    struct listing *listing = context;
    listing->releases = releases;
    if (error != NULL)
        error_copy(&listing->error, error);
    listing->done = true;
}

static json_t *time_or_null(int64_t wall_ms)
{
    char text[32];
    clock_format(wall_ms, text, sizeof text);
    return text[0] != '\0' ? json_string(text) : json_null();
}

static json_t *to_json(const struct helm_releases *releases, bool long_form)
{
    json_t *rows = json_array();
    for (size_t i = 0; i < releases->count; i++) {
        const struct helm_release *release = &releases->rows[i];
        json_t *row = json_pack("{s:s, s:s, s:i, s:s, s:o}", "name", release->name, "namespace", release->namespace, "revision",
                                release->revision, "status", release->status, "updated", time_or_null(release->updated_ms));
        if (long_form) {
            json_object_set_new(row, "chart", release->chart != NULL ? json_string(release->chart) : json_null());
            json_object_set_new(row, "appVersion", release->app_version != NULL ? json_string(release->app_version) : json_null());
            if (release->error != NULL)
                json_object_set_new(row, "error", json_string(release->error));
        }
        json_array_append_new(rows, row);
    }
    return json_pack("{s:o}", "releases", rows);
}

static enum output_mark mark_of(const struct helm_release *release)
{
    return text_equal(release->status, "deployed") ? OUTPUT_PLAIN : OUTPUT_ALARM; /* everything else wants a look */
}

static void print(struct output *output, const struct helm_releases *releases, bool long_form)
{
    struct output_table *table = output_table_new(long_form ? 7 : 5);
    const char *const titles[] = {_("NAMESPACE"), _("NAME"), _("REVISION"), _("STATUS"), _("UPDATED"), _("CHART"), _("APP VERSION")};
    for (size_t i = 0; i < (long_form ? 7U : 5U); i++)
        output_table_cell(table, OUTPUT_STRONG, titles[i]);
    output_table_right(table, 2);
    for (size_t i = 0; i < releases->count; i++) {
        const struct helm_release *release = &releases->rows[i];
        char updated[32];
        clock_format(release->updated_ms, updated, sizeof updated);
        output_table_cell(table, OUTPUT_PLAIN, release->namespace);
        output_table_cell(table, OUTPUT_STRONG, release->name);
        output_table_number(table, release->revision);
        output_table_cell(table, mark_of(release), release->status);
        output_table_cell(table, OUTPUT_PLAIN, updated);
        if (long_form) {
            output_table_cell(table, OUTPUT_PLAIN, release->error != NULL ? release->error : release->chart);
            output_table_cell(table, OUTPUT_PLAIN, release->app_version);
        }
    }
    output_table_print(output, table);
}

static void looked(const struct error *missing, void *context)
{
    struct listing *listing = context;
    if (missing != NULL)
        error_copy(&listing->error, missing);
    listing->done = true;
}

/* In `namespace`, NULL: all. An empty list may mean that there is no such namespace. */
static bool load(struct command_run *run, struct kube_client *client, enum helm_driver driver, const char *namespace, struct listing *listing,
                 struct error *error)
{
    bool long_form = command_line_has(run->line, "long");
    helm_releases_start(client, driver, namespace, long_form, listed, listing);
    while (!listing->done)
        loop_run_until(run->loop, &listing->done, INT64_MAX / 4);
    if (namespace != NULL && listing->releases != NULL && listing->releases->count == 0) {
        listing->done = false;
        missing_namespace_start(client, namespace, looked, listing);
        while (!listing->done)
            loop_run_until(run->loop, &listing->done, INT64_MAX / 4);
    }
    bool ok = listing->error.code == ERROR_NONE;
    error_move(error, &listing->error);
    return ok;
}

static void print_none(struct output *output, bool all, const char *namespace)
{
    if (all)
        output_line(output, _("No Helm release on this cluster."));
    else
        output_line(output, _("No Helm release in namespace %s; -A lists those of all namespaces."), namespace);
}

static bool run(struct command_run *run, struct error *error)
{
    bool all = command_line_has(run->line, "all-namespaces");
    bool long_form = command_line_has(run->line, "long");
    struct session_options options = {.no_release = true};
    struct session *session = NULL;
    enum helm_driver driver = HELM_SECRETS;
    if (!gather(run, &options, &session, error))
        return false;
    struct listing listing = {0};
    const char *namespace = all ? NULL : session_identity(session).namespace;
    bool ok = helm_driver_parse(options.helm_driver, &driver, error) && load(run, session_client(session), driver, namespace, &listing, error);
    if (ok && run->output->json)
        ok = output_json(run->output, to_json(listing.releases, long_form), false, error);
    else if (ok && listing.releases->count == 0)
        print_none(run->output, all, namespace);
    else if (ok)
        print(run->output, listing.releases, long_form);
    helm_releases_free(listing.releases);
    session_close(session);
    return ok;
}

static const struct command_option options[] = {
    {"all-namespaces", 'A', NULL, false, N_("of all namespaces")},
    {"long", 'l', NULL, false, N_("decode the newest records, for chart and application version")},
    {0},
};

const struct command command_releases = {
    .name = "releases",
    .arguments = "",
    .summary = N_("list the Helm releases"),
    .options = options,
    .run = run,
};
