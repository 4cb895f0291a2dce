#include "cluster.h"
#include "base/memory.h"
#include "kube/kubeconfig.h"
#include "kube/resource.h"
#include "simulator/simulator.h"
#include <check.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define PATIENCE_MS 60000

struct cluster {
    struct simulator *simulator;
    pthread_t thread;
    char *kubeconfig; /* a file */
    struct kube_config *config;
    struct loop *loop;
    struct kube_client *client;
    struct kube_client *other; /* somebody else, who may write */
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
    if (!good)
        ck_abort_msg("%s", error->message);
}

static void write_kubeconfig(struct cluster *cluster)
{
    CLEANUP_FREE char *text = simulator_kubeconfig(cluster->simulator);
    cluster->kubeconfig = memory_text("/tmp/situation-XXXXXX");
    int file = mkstemp(cluster->kubeconfig);
    ck_assert_int_ge(file, 0);
    ck_assert_int_eq(write(file, text, strlen(text)), (ssize_t)strlen(text));
    close(file);
}

struct cluster *cluster_start(enum kube_access access)
{
    struct cluster *cluster = memory_new(sizeof *cluster);
    struct error error = {0};
    CLEANUP_FREE char *scenario = memory_format("%s/tests/data/situation/live.yaml", getenv("srcdir"));
    const struct simulator_options simulated = {.scenario = scenario};
    require(simulator_start(&simulated, &cluster->simulator, &error), &error);
    ck_assert_int_eq(pthread_create(&cluster->thread, NULL, serve, cluster->simulator), 0);
    write_kubeconfig(cluster);
    const struct kube_config_options options = {.kubeconfig = cluster->kubeconfig};
    require(kube_config_load(&options, &cluster->config, &error), &error);
    cluster->loop = loop_new(NULL);
    const struct kube_client_options mine = {.access = access}, other = {.access = KUBE_READ_WRITE};
    cluster->client = kube_client_new(cluster->loop, cluster->config, &mine);
    cluster->other = kube_client_new(cluster->loop, cluster->config, &other);
    return cluster;
}

void cluster_stop(struct cluster *cluster)
{
    kube_client_free(cluster->client);
    kube_client_free(cluster->other);
    loop_free(cluster->loop);
    kube_config_free(cluster->config);
    simulator_stop(cluster->simulator);
    pthread_join(cluster->thread, NULL);
    simulator_free(cluster->simulator);
    unlink(cluster->kubeconfig);
    free(cluster->kubeconfig);
    free(cluster);
}

struct loop *cluster_loop(const struct cluster *cluster)
{
    return cluster->loop;
}

struct kube_client *cluster_client(const struct cluster *cluster)
{
    return cluster->client;
}

/* ---- waiting ---- */

struct wait {
    struct loop *loop;
    struct situation *situation;
    bool (*is_so)(const struct picture *picture);
    bool done;
};

static void look(void *context)
{
    struct wait *wait = context;
    wait->done =
        wait->is_so != NULL ? wait->is_so(situation_picture(wait->situation)) : situation_complete(wait->situation);
    if (wait->done)
        loop_stop(wait->loop);
}

static void wait_for(struct cluster *cluster, struct situation *situation, bool (*is_so)(const struct picture *picture),
                     const char *what)
{
    struct wait wait = {.loop = cluster->loop, .situation = situation, .is_so = is_so};
    struct loop_timer *timer = loop_timer_start(cluster->loop, 0, 5, look, &wait);
    loop_run_until(cluster->loop, &wait.done, PATIENCE_MS);
    loop_timer_cancel(timer);
    ck_assert_msg(wait.done, "%s", what);
}

void cluster_await(struct cluster *cluster, struct situation *situation, bool (*is_so)(const struct picture *picture),
                   const char *what)
{
    wait_for(cluster, situation, is_so, what);
}

struct situation *cluster_watch(struct cluster *cluster, const struct situation_options *options)
{
    struct situation_options full = *options;
    if (full.release == NULL)
        full.release = "shop";
    full.namespace = "shop";
    struct situation *situation = situation_new(cluster->client, &full);
    wait_for(cluster, situation, NULL, "complete");
    return situation;
}

/* ---- somebody else ---- */

struct write {
    struct loop *loop;
    bool done;
    int status;
};

static void written(const struct kube_answer *answer, void *context)
{
    struct write *write = context;
    write->done = true;
    write->status = answer->status;
    loop_stop(write->loop);
}

static void send_request(struct cluster *cluster, const struct kube_request *request)
{
    struct write write = {.loop = cluster->loop};
    struct kube_request full = *request;
    full.on_done = written;
    full.context = &write;
    kube_client_start(cluster->other, &full);
    loop_run_until(cluster->loop, &write.done, PATIENCE_MS);
    ck_assert_int_eq(write.status / 100, 2);
}

void cluster_patch(struct cluster *cluster, const char *path, const char *manager, const char *json)
{
    char *full = memory_text(path);
    kube_path_add(&full, "fieldManager", manager);
    const struct kube_request request = {
        .method = "PATCH", .path = full, .content_type = "application/merge-patch+json", .body = json};
    send_request(cluster, &request);
    free(full);
}

void cluster_create(struct cluster *cluster, const char *collection, const char *json)
{
    const struct kube_request request = {.method = "POST", .path = collection, .body = json};
    send_request(cluster, &request);
}

void cluster_delete(struct cluster *cluster, const char *path)
{
    const struct kube_request request = {.method = "DELETE", .path = path};
    send_request(cluster, &request);
}
