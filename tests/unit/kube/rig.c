#include "unit/kube/rig.h"
#include "base/memory.h"
#include "base/text.h"
#include <check.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct kube_config *rig_config(const char *server, const char *cluster, const char *user)
{
    char path[] = "/tmp/check_kube.XXXXXX";
    int fd = mkstemp(path);
    ck_assert_int_ge(fd, 0);
    CLEANUP_FREE char *text = memory_format("apiVersion: v1\nkind: Config\ncurrent-context: test\n"
                                            "clusters:\n- name: test\n  cluster:\n    server: %s\n%s"
                                            "users:\n- name: me\n  user:\n    as: \"\"\n%s"
                                            "contexts:\n- name: test\n  context: {cluster: test, user: me}\n",
                                            server, cluster, user);
    ck_assert_int_eq(write(fd, text, strlen(text)), (ssize_t)strlen(text));
    close(fd);
    struct kube_config *config = NULL;
    struct error error = {0};
    bool good = kube_config_load(&(struct kube_config_options){.kubeconfig = path}, &config, &error);
    ck_assert_msg(good, "%s", good ? "" : error.message);
    unlink(path);
    return config;
}

static uint32_t no_chance(void *context)
{
    (void)context;
    return 0;
}

void rig_open(struct rig *rig, server_handler handler, void *context, const struct kube_client_options *options)
{
    clock_manual_init(&rig->clock, 1700000000000);
    rig->loop = loop_new(&rig->clock.clock);
    rig->server = server_new(rig->loop, handler, context);
    CLEANUP_FREE char *url = server_url(rig->server, "");
    rig->config = rig_config(url, "", "");
    struct kube_client_options own = options != NULL ? *options : (struct kube_client_options){0};
    own.random = no_chance;
    rig->client = kube_client_new(rig->loop, rig->config, &own);
}

void rig_close(struct rig *rig)
{
    kube_client_free(rig->client);
    server_free(rig->server);
    loop_free(rig->loop);
    kube_config_free(rig->config);
}

void rig_wait(struct rig *rig, const bool *what)
{
    ck_assert_msg(loop_run_until(rig->loop, what, RIG_LIMIT_MS), "it never happened");
}

void rig_settle(struct rig *rig)
{
    bool never = false;
    loop_run_until(rig->loop, &never, 30);
}

void rig_pass(struct rig *rig, int64_t ms)
{
    clock_manual_advance(&rig->clock, ms);
    rig_settle(rig);
}
