#include "unit/session/place.h"
#include "base/memory.h"
#include "base/tree.h"
#include "kube/client.h"
#include "kube/kubeconfig.h"
#include "simulator/simulator.h"
#include <check.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define PATIENCE_MS 60000

struct place {
    struct simulator *simulator;
    pthread_t thread;
    char *folder;
    char *kubeconfig;
    char *file; /* the last one that was written */
    struct loop *loop;
    struct kube_config *config;
    struct kube_client *other;
};

static void *serve(void *context)
{
    struct error error = {0};
    if (!simulator_run(context, &error))
        abort();
    return NULL;
}

static void require(bool good, const struct error *error)
{
    ck_assert_msg(good, "%s", good ? "" : error->message);
}

static char *write_file(const struct place *place, const char *name, const char *content)
{
    char *path = memory_format("%s/%s", place->folder, name);
    int file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    ck_assert_int_ge(file, 0);
    ck_assert_int_eq(write(file, content, strlen(content)), (ssize_t)strlen(content));
    close(file);
    return path;
}

void place_environment(void)
{
    CLEANUP_FREE char *playbooks = memory_format("%s/tests/data/session/playbooks", getenv("srcdir"));
    setenv("ROLLBACK_CONSOLE_PLAYBOOKS", playbooks, 1);
    setenv("XDG_CONFIG_HOME", "/nonexistent", 1);
}

struct place *place_open(void)
{
    place_environment();
    struct place *place = memory_new(sizeof *place);
    struct error error = {0};
    CLEANUP_FREE char *scenario = memory_format("%s/tests/data/session/shops.yaml", getenv("srcdir"));
    const struct simulator_options simulated = {.scenario = scenario};
    require(simulator_start(&simulated, &place->simulator, &error), &error);
    ck_assert_int_eq(pthread_create(&place->thread, NULL, serve, place->simulator), 0);
    place->folder = memory_text("/tmp/check_session.XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(place->folder));
    CLEANUP_FREE char *text = simulator_kubeconfig(place->simulator);
    place->kubeconfig = write_file(place, "kubeconfig", text);
    const struct kube_config_options options = {.kubeconfig = place->kubeconfig};
    require(kube_config_load(&options, &place->config, &error), &error);
    place->loop = loop_new(NULL);
    place->other = kube_client_new(place->loop, place->config, &(struct kube_client_options){.access = KUBE_READ_WRITE});
    return place;
}

void place_close(struct place *place)
{
    kube_client_free(place->other);
    loop_free(place->loop);
    kube_config_free(place->config);
    simulator_stop(place->simulator);
    pthread_join(place->thread, NULL);
    simulator_free(place->simulator);
    CLEANUP_FREE char *command = memory_format("rm -rf '%s'", place->folder);
    ck_assert_int_eq(system(command), 0);
    free(place->folder);
    free(place->kubeconfig);
    free(place->file);
    free(place);
}

struct loop *place_loop(const struct place *place)
{
    return place->loop;
}

const char *place_kubeconfig(const struct place *place)
{
    return place->kubeconfig;
}

const char *place_file(struct place *place, const char *name, const char *content)
{
    free(place->file);
    place->file = write_file(place, name, content);
    return place->file;
}

struct session *place_session(struct place *place, const struct session_options *options)
{
    struct session_options full = *options;
    struct session *session = NULL;
    struct error error = {0};
    if (full.kubeconfig == NULL)
        full.kubeconfig = place->kubeconfig;
    require(session_open(place->loop, &full, &session, &error), &error);
    return session;
}

/* ---- waiting ---- */

struct wait {
    struct session *session;
    bool (*is_so)(struct session *session);
    bool done;
};

static void look(void *context)
{
    struct wait *wait = context;
    wait->done = wait->is_so(wait->session);
}

void place_await(struct place *place, struct session *session, bool (*is_so)(struct session *session), const char *what)
{
    struct wait wait = {session, is_so, false};
    struct loop_timer *timer = loop_timer_start(place->loop, 0, 5, look, &wait);
    loop_run_until(place->loop, &wait.done, PATIENCE_MS);
    loop_timer_cancel(timer);
    ck_assert_msg(wait.done, "%s", what);
}

static bool is_complete(struct session *session)
{
    return session_complete(session);
}

void place_complete(struct place *place, struct session *session)
{
    place_await(place, session, is_complete, "the session is complete");
}

/* ---- somebody else ---- */

struct exchange_end {
    bool done;
    int status;
    json_t *tree;
};

static void answered(const struct kube_answer *answer, void *context)
{
    struct exchange_end *end = context;
    end->status = answer->status;
    if (!tree_parse(answer->body, answer->size, &end->tree, NULL))
        end->tree = NULL;
    end->done = true;
}

json_t *place_request(struct place *place, const char *method, const char *path, const char *body, int status)
{
    struct exchange_end end = {0};
    const struct kube_request request = {.method = method, .path = path, .body = body, .on_done = answered, .context = &end};
    kube_client_start(place->other, &request);
    loop_run_until(place->loop, &end.done, PATIENCE_MS);
    ck_assert_msg(end.status == status, "%s %s: %d", method, path, end.status);
    return end.tree;
}
