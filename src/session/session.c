#include "session/session.h"
#include "base/array.h"
#include "base/i18n.h"
#include "base/memory.h"
#include "base/text.h"
#include "helm/driver.h"
#include "kube/access.h"
#include "playbook/library.h"
#include "session/find_release.h"
#include "session/log.h"
#include "session/missing_namespace.h"
#include <stdlib.h>
#include <string.h>

enum { WARNINGS_KEPT = 100, RETRY_MS = 5000 };

/* Owns everything below; the situation goes first when it closes, then the client, then what they borrow. */
struct session {
    struct loop *loop;
    struct session_options options;
    struct log *log;
    struct kube_config *config;
    struct kube_client *client;
    struct playbook_library *library;
    const struct playbook *playbook; /* --playbook, else as matched by the live record */
    enum helm_driver driver;

    enum session_phase phase;
    struct error error;
    struct error unexplained; /* what is told when the namespace exists */
    char *release;   /* chosen; NULL before */
    char *namespace;
    char *user;      /* as the server names us */
    struct kube_question *whoami;
    struct find_release *find;
    struct missing_namespace *missing;
    struct find_release_result *found;
    struct loop_timer *retry;
    int64_t started_ms; /* boot time */
    bool told_complete; /* the log knows */
    bool explained; /* an empty history has been looked into */
    bool repicking; /* a person asked for the list: nothing is chosen for them */
    struct situation *situation;
    struct array warnings; /* newest first */

    void (*on_change)(void *context);
    void *context;
};

static void find(struct session *session);

static void changed(struct session *session)
{
    if (session->on_change != NULL)
        session->on_change(session->context);
}

static void fail(struct session *session, const struct error *error)
{
    log_line(session->log, "failed: %s", error->message);
    error_copy(&session->error, error);
    session->phase = SESSION_FAILED;
    changed(session);
}

/* ---- what the server tells beside its answers ---- */

static void warned(const char *text, void *context)
{
    struct session *session = context;
    log_line(session->log, "API warning: %s", text);
    array_insert(&session->warnings, 0, memory_text(text));
    if (session->warnings.count > WARNINGS_KEPT)
        array_remove(&session->warnings, WARNINGS_KEPT);
    changed(session);
}

static void named(const char *user, const struct error *error, void *context)
{
    struct session *session = context;
    session->whoami = NULL;
    if (error == NULL) {
        free(session->user);
        session->user = memory_text(user);
        changed(session);
    }
}

/* ---- watching one release ---- */

static const struct playbook *choose_playbook(const struct helm_record *live, void *context)
{
    struct session *session = context;
    const struct playbook_release release = {
        .chart = live->chart_name, .chart_version = live->chart_version, .name = live->name, .namespace = live->namespace};
    session->playbook = playbook_library_match(session->library, &release);
    log_line(session->log, "release %s, chart %s: playbook %s", live->name, live->chart,
             session->playbook != NULL ? session->playbook->name : "none");
    return session->playbook;
}

static void explained(const struct error *missing, void *context)
{
    struct session *session = context;
    session->missing = NULL;
    if (missing != NULL)
        fail(session, missing);
    else if (session->unexplained.code != ERROR_NONE)
        fail(session, &session->unexplained);
    else
        find(session); /* the namespace is there, the release is not: the list of releases has the nearest names */
}

/* Nothing was found in a namespace that a person named: does it exist at all? */
static void explain(struct session *session, const char *namespace, const struct error *otherwise)
{
    session->explained = true;
    error_release(&session->unexplained);
    if (otherwise != NULL)
        error_copy(&session->unexplained, otherwise);
    session->missing = missing_namespace_start(session->client, namespace, explained, session);
}

static void log_complete(struct session *session)
{
    if (session->told_complete || !situation_complete(session->situation))
        return;
    session->told_complete = true;
    int64_t took_ms = clock_boot_ms(loop_clock(session->loop)) - session->started_ms;
    log_line(session->log, "complete after %lld ms, %llu bytes", (long long)took_ms, (unsigned long long)session_received(session));
}

static void situation_changed(void *context)
{
    struct session *session = context;
    struct error error = {0};
    log_complete(session);
    if (!situation_check(session->situation, &error)) {
        /* Who cannot be reached is not asked about namespaces, too. */
        bool no_release = error.code == ERROR_NOT_FOUND && situation_picture(session->situation)->revision_count == 0;
        if (no_release && !session->explained)
            explain(session, session->namespace, NULL);
        else if (session->phase == SESSION_WATCHING && session->missing == NULL)
            fail(session, &error);
    } else if (session->phase == SESSION_FAILED) {
        error_release(&session->error);
        session->phase = SESSION_WATCHING;
    }
    error_release(&error);
    changed(session);
}

static void watch(struct session *session, const char *release, const char *namespace)
{
    CLEANUP_FREE char *name = memory_text(release);
    CLEANUP_FREE char *place = memory_text(namespace);
    free(session->release);
    free(session->namespace);
    session->release = STEAL(name);
    session->namespace = STEAL(place);
    log_line(session->log, "watching release %s in %s", session->release, session->namespace);
    struct situation_options options = {
        .release = session->release,
        .namespace = session->namespace,
        .driver = session->driver,
        .playbook = session->options.playbook != NULL ? session->playbook : NULL,
        .choose_playbook = choose_playbook,
        .wants = session->options.wants,
        .once = session->options.once,
        .decode_all = session->options.decode_all,
        .from = session->options.from,
        .to = session->options.to,
        .on_change = situation_changed,
        .context = session,
    };
    error_release(&session->error);
    session->explained = false;
    session->repicking = false;
    session->phase = SESSION_WATCHING;
    session->situation = situation_new(session->client, &options);
    changed(session);
}

/* ---- finding it ---- */

static bool several(const struct session *session, struct error *error)
{
    const struct find_release_result *found = session->found;
    enum { SHOWN = 8 };
    struct text names = {0};
    for (size_t i = 0; i < found->candidate_count && i < SHOWN; i++)
        text_append_format(&names, "%s%s/%s", i > 0 ? ", " : "", found->candidates[i]->namespace, found->candidates[i]->name);
    if (found->candidate_count > SHOWN)
        text_append_format(&names, _(" and %zu more"), found->candidate_count - SHOWN);
    error_set(error, ERROR_USAGE, _("%zu releases fit: %s"), found->candidate_count, text_peek(&names));
    text_release(&names);
    return error_hint(error, _("name one with --release NAME and -n NAMESPACE"));
}

static void retry_find(void *context)
{
    find(context);
}

/* A screen goes on asking: the server may come back while it is looked at. */
static void find_failed(struct session *session, const struct error *error)
{
    fail(session, error);
    bool lasting = session->options.once || error->code == ERROR_NOT_FOUND;
    if (!lasting && session->retry == NULL)
        session->retry = loop_timer_start(session->loop, RETRY_MS, 0, retry_find, session);
}

static void found(struct find_release_result *result, const struct error *error, void *context)
{
    struct session *session = context;
    session->find = NULL;
    if (error != NULL && error->code == ERROR_NOT_FOUND && session->options.namespace != NULL && !session->explained) {
        explain(session, session->options.namespace, error);
        return;
    }
    if (error != NULL) {
        find_failed(session, error);
        return;
    }
    find_release_result_free(session->found);
    session->found = result;
    error_release(&session->error);
    if (result->decided && !session->repicking) {
        if (session->situation == NULL)
            watch(session, result->candidates[0]->name, result->candidates[0]->namespace);
        return;
    }
    if (session->options.once) {
        struct error choice = {0};
        several(session, &choice);
        fail(session, &choice);
        error_release(&choice);
        return;
    }
    session->phase = SESSION_PICKING;
    changed(session);
}

/* Takes the place of a search that runs or is to come. */
static void find(struct session *session)
{
    loop_timer_cancel(session->retry);
    session->retry = NULL;
    find_release_cancel(session->find);
    const struct find_release_options options = {
        .driver = session->driver,
        .release = session->release != NULL ? session->release : session->options.release,
        .namespace = session->options.namespace,
        .context_namespace = session->config->namespace,
        .library = session->library,
        .playbook = session->options.playbook != NULL ? session->playbook : NULL,
    };
    session->find = find_release_start(session->client, &options, found, session);
}

/* ---- life ---- */

static bool prepare(struct session *session, struct error *error)
{
    const struct session_options *options = &session->options;
    const struct kube_config_options where = {options->kubeconfig, options->context, options->namespace};
    if (!log_open(options->log, loop_clock(session->loop), &session->log, error) ||
        !helm_driver_parse(options->helm_driver, &session->driver, error) ||
        (options->release != NULL && !helm_driver_check_name(options->release, error)) ||
        !kube_config_load(&where, &session->config, error))
        return false;
    if (!playbook_settings_check_environment(error))
        return false;
    session->library = playbook_library_load();
    if (options->playbook != NULL && !playbook_library_find(session->library, options->playbook, &session->playbook, error))
        return false;
    struct kube_client_options client = {
        .access = options->read_only_dry_run ? KUBE_READ_ONLY_DRY_RUN : options->read_only ? KUBE_READ_ONLY : KUBE_READ_WRITE,
        .on_warning = warned,
        .context = session,
    };
    session->client = kube_client_new(session->loop, session->config, &client);
    log_line(session->log, "context %s, server %s", session->config->context, session->config->server);
    return true;
}

bool session_open(struct loop *loop, const struct session_options *options, struct session **ret_session, struct error *error)
{
    struct session *session = memory_new(sizeof *session);
    session->loop = loop;
    session->options = *options;
    session->started_ms = clock_boot_ms(loop_clock(loop));
    session->warnings.free_item = free;
    if (!prepare(session, error)) {
        session_close(session);
        return false;
    }
    if (!options->once)
        session->whoami = kube_access_whoami(session->client, named, session);
    if (options->no_release)
        session->phase = SESSION_WATCHING;
    else if (options->release != NULL && options->namespace != NULL)
        watch(session, options->release, options->namespace);
    else
        find(session);
    *ret_session = session;
    return true;
}

void session_close(struct session *session)
{
    if (session == NULL)
        return;
    loop_timer_cancel(session->retry);
    missing_namespace_cancel(session->missing);
    find_release_cancel(session->find);
    kube_question_cancel(session->whoami);
    situation_free(session->situation);
    find_release_result_free(session->found);
    kube_client_free(session->client);
    kube_config_free(session->config);
    playbook_library_free(session->library);
    array_release(&session->warnings);
    error_release(&session->error);
    error_release(&session->unexplained);
    free(session->release);
    free(session->namespace);
    free(session->user);
    log_close(session->log);
    free(session);
}

void session_observe(struct session *session, void (*on_change)(void *context), void *context)
{
    session->on_change = on_change;
    session->context = context;
}

/* ---- what can be read ---- */

enum session_phase session_phase(const struct session *session)
{
    return session->phase;
}

const struct error *session_error(const struct session *session)
{
    return session->error.code != ERROR_NONE ? &session->error : NULL;
}

bool session_complete(const struct session *session)
{
    if (session->find != NULL || session->missing != NULL)
        return false;
    switch (session->phase) {
    case SESSION_CONNECTING:
        return false;
    case SESSION_PICKING:
    case SESSION_FAILED:
        return true;
    case SESSION_WATCHING:
        return session->situation == NULL || situation_complete(session->situation);
    }
    return true;
}

static const char *shown(const char *text)
{
    return text != NULL ? text : "";
}

struct session_identity session_identity(const struct session *session)
{
    const struct kube_config *config = session->config;
    return (struct session_identity){
        .context = shown(config->context),
        .cluster = shown(config->cluster),
        .server = shown(config->server),
        .user = shown(session->user != NULL ? session->user : config->user),
        .namespace = shown(session->namespace != NULL ? session->namespace : config->namespace),
        .release = shown(session->release),
        .playbook = session->playbook != NULL ? session->playbook->name : "",
        .read_only = session->options.read_only || session->options.read_only_dry_run,
        .drill = session->options.drill,
        .demo = shown(session->options.demo),
    };
}

size_t session_release_count(const struct session *session)
{
    return session->phase == SESSION_PICKING && session->found != NULL ? session->found->candidate_count : 0;
}

struct session_release session_release_at(const struct session *session, size_t index)
{
    const struct helm_release *release = session->found->candidates[index];
    const struct playbook_release known = {.name = release->name, .namespace = release->namespace};
    const struct playbook *playbook = playbook_library_match(session->library, &known);
    return (struct session_release){
        .name = release->name,
        .namespace = release->namespace,
        .status = release->status,
        .revision = release->revision,
        .updated_ms = release->updated_ms,
        .playbook = playbook != NULL ? playbook->name : "",
    };
}

void session_choose(struct session *session, size_t index)
{
    if (index >= session_release_count(session))
        return;
    watch(session, session->found->candidates[index]->name, session->found->candidates[index]->namespace);
}

void session_repick(struct session *session)
{
    situation_free(session->situation);
    session->situation = NULL;
    missing_namespace_cancel(session->missing);
    session->missing = NULL;
    free(session->release);
    session->release = NULL;
    free(session->namespace);
    session->namespace = NULL;
    session->options.release = NULL;
    error_release(&session->error);
    if (session->options.playbook == NULL)
        session->playbook = NULL;
    session->phase = SESSION_CONNECTING;
    session->repicking = true;
    find(session);
    changed(session);
}

struct situation *session_situation(struct session *session)
{
    return session->situation;
}

const struct picture *session_picture(struct session *session)
{
    return session->situation != NULL ? situation_picture(session->situation) : NULL;
}

size_t session_warning_count(const struct session *session)
{
    return session->warnings.count;
}

const char *session_warning_at(const struct session *session, size_t index)
{
    return session->warnings.items[index];
}

uint64_t session_received(const struct session *session)
{
    return kube_client_received(session->client);
}

struct kube_client *session_client(struct session *session)
{
    return session->client;
}

const struct clock *session_clock(const struct session *session)
{
    return loop_clock(session->loop);
}
