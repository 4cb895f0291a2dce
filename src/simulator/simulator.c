#include "simulator/simulator.h"
#include "base/base64.h"
#include "base/clock.h"
#include "base/i18n.h"
#include "base/memory.h"
#include "base/text.h"
#include "simulator/api.h"
#include "simulator/certificate.h"
#include "simulator/controllers.h"
#include "simulator/registry.h"
#include "simulator/scenario.h"
#include "simulator/server.h"
#include <errno.h>
#include <limits.h>
#include <openssl/crypto.h>
#include <poll.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/random.h>
#include <unistd.h>

#define BOOKMARK_MS 60000
#define HISTORY     10000
#define TOKEN_BYTES 24
#define STEPS_LIMIT 100 /* of the registry in one turn, so that requests are heard in between */

struct simulator {
    const struct clock *clock;
    struct registry *registry;
    struct scenario *scenario;
    struct controllers *controllers;
    struct certificate certificate;
    struct server *server;
    struct api api;
    struct scenario_trouble trouble; /* of the moment */
    char *token;
    char *address;
    bool until_stdin_closes;
    int wake_fd;
    atomic_bool stopped;
};

static bool make_token(const char *wanted, char **ret_token, struct error *error)
{
    unsigned char bytes[TOKEN_BYTES];
    struct text token = {0};
    if (wanted != NULL) {
        *ret_token = memory_text(wanted);
        return true;
    }
    if (getrandom(bytes, sizeof bytes, 0) != (ssize_t)sizeof bytes)
        return error_set(error, ERROR_INTERNAL, _("The system gives no random numbers for a token."));
    for (size_t i = 0; i < sizeof bytes; i++)
        text_append_format(&token, "%02x", bytes[i]);
    *ret_token = text_steal(&token);
    return true;
}

static void on_request(void *context, struct request *request, struct response *response)
{
    const struct simulator *simulator = context;
    if (!simulator->trouble.unavailable) {
        api_answer(&simulator->api, request, response);
        return;
    }
    struct refusal refusal = {0};
    refusal_set(&refusal, 503, "ServiceUnavailable", "the server is currently unable to handle the request");
    response_refusal(response, &refusal);
    response->retry_after_s = 1;
    refusal_release(&refusal);
}

static bool build_cluster(struct simulator *simulator, const struct simulator_options *options, struct error *error)
{
    if (options->scenario != NULL && !scenario_load(options->scenario, &simulator->scenario, error))
        return false;
    simulator->registry = registry_new(simulator->clock, options->history > 0 ? options->history : HISTORY);
    if (simulator->scenario != NULL &&
        !scenario_install(simulator->scenario, simulator->registry, clock_boot_ms(simulator->clock), error))
        return false;
    if (simulator->scenario != NULL)
        registry_set_admission(simulator->registry, scenario_admit, simulator->scenario);
    simulator->controllers = controllers_new(simulator->registry, simulator->scenario);
    return true;
}

static bool build(struct simulator *simulator, const struct simulator_options *options, struct error *error)
{
    simulator->clock = options->clock != NULL ? options->clock : clock_system();
    simulator->until_stdin_closes = options->until_stdin_closes;
    simulator->wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (simulator->wake_fd < 0)
        return error_set(error, ERROR_INTERNAL, _("The simulated cluster cannot start: %s."), strerror(errno));
    if (!make_token(options->token, &simulator->token, error) || !build_cluster(simulator, options, error) ||
        !certificate_make(&simulator->certificate, error) ||
        !server_start(options->port, &simulator->certificate, simulator->clock, on_request, simulator,
                      &simulator->server, error))
        return false;
    simulator->address = memory_format("127.0.0.1:%u", server_port(simulator->server));
    simulator->api = (struct api){.registry = simulator->registry,
                                  .scenario = simulator->scenario,
                                  .token = simulator->token,
                                  .address = simulator->address,
                                  .bookmark_ms = options->bookmark_ms > 0 ? options->bookmark_ms : BOOKMARK_MS};
    return true;
}

bool simulator_start(const struct simulator_options *options, struct simulator **ret_simulator, struct error *error)
{
    struct simulator *simulator = memory_new(sizeof *simulator);
    simulator->wake_fd = -1;
    if (!build(simulator, options, error)) {
        simulator_free(simulator);
        return false;
    }
    *ret_simulator = simulator;
    return true;
}

uint16_t simulator_port(const struct simulator *simulator)
{
    return server_port(simulator->server);
}

char *simulator_kubeconfig(const struct simulator *simulator)
{
    const char *certificate = simulator->certificate.certificate;
    CLEANUP_FREE char *encoded = base64_encode(certificate, strlen(certificate));
    return memory_format("apiVersion: v1\n"
                         "kind: Config\n"
                         "clusters:\n"
                         "- name: simulator\n"
                         "  cluster:\n"
                         "    server: https://%s\n"
                         "    certificate-authority-data: %s\n"
                         "users:\n"
                         "- name: simulator-admin\n"
                         "  user:\n"
                         "    token: \"%s\"\n"
                         "contexts:\n"
                         "- name: simulator\n"
                         "  context:\n"
                         "    cluster: simulator\n"
                         "    user: simulator-admin\n"
                         "current-context: simulator\n",
                         simulator->address, encoded, simulator->token);
}

/* Standard input tells one thing only: that it ends. */
static bool stdin_ended(const struct pollfd *polled)
{
    char ignored[256];
    if (polled->revents == 0)
        return false;
    ssize_t size = read(STDIN_FILENO, ignored, sizeof ignored);
    return size == 0 || (size < 0 && errno != EINTR && errno != EAGAIN);
}

/* Let the cluster live up to now; returns how long nothing will happen by itself (−1: for ever). */
static int64_t live(struct simulator *simulator)
{
    int64_t now = clock_boot_ms(simulator->clock);
    int64_t next = controllers_run(simulator->controllers, now);
    bool more = false;
    for (int i = 0; i < STEPS_LIMIT && (i == 0 || more); i++)
        more = registry_step(simulator->registry);
    server_pump(simulator->server);
    int64_t due = server_due(simulator->server);
    next = more ? now : due < next ? due : next;
    return next == INT64_MAX ? -1 : next > now ? next - now : 0;
}

/* The faults that the scenario wants now. */
static void meet_trouble(struct simulator *simulator)
{
    struct scenario_trouble before = simulator->trouble;
    struct store *store = registry_store(simulator->registry);
    scenario_trouble(simulator->scenario, clock_wall_ms(simulator->clock), &simulator->trouble);
    if (simulator->trouble.forget_history && !before.forget_history)
        store_compact(store, store_version(store));
    if (simulator->trouble.tear_watches && !before.tear_watches)
        server_tear_streams(simulator->server);
}

/* How long to look away from the clients: until the trouble changes when frozen, for the delay when slow. */
static int64_t look_away(const struct simulator *simulator)
{
    const struct scenario_trouble *trouble = &simulator->trouble;
    if (!trouble->frozen)
        return trouble->delay_ms;
    return trouble->next_ms != INT64_MAX ? trouble->next_ms - clock_wall_ms(simulator->clock) : -1;
}

/* Wait for clients, the stop signal, or time; with the clients left waiting first when the scenario says so. */
static bool wait_for_work(struct simulator *simulator, struct pollfd *others, size_t count, int64_t timeout)
{
    int64_t away = look_away(simulator);
    if (away != 0) {
        int ready = poll(others, count, away > 0 && away < INT_MAX ? (int)away : -1);
        if (simulator->trouble.frozen || ready != 0)
            return ready >= 0 || errno == EINTR;
    }
    if (simulator->trouble.next_ms != INT64_MAX) {
        int64_t change = simulator->trouble.next_ms - clock_wall_ms(simulator->clock);
        change = change > 0 ? change : 0;
        timeout = timeout < 0 || change < timeout ? change : timeout;
    }
    return server_wait(simulator->server, others, count, timeout);
}

bool simulator_run(struct simulator *simulator, struct error *error)
{
    struct store *store = registry_store(simulator->registry);
    while (!atomic_load(&simulator->stopped)) {
        uint64_t version = store_version(store);
        int64_t timeout = live(simulator);
        /* What the garbage collector did may be work for a controller, and the reverse. */
        if (store_version(store) != version)
            timeout = 0;
        struct pollfd others[] = {{.fd = simulator->wake_fd, .events = POLLIN},
                                  {.fd = simulator->until_stdin_closes ? STDIN_FILENO : -1, .events = POLLIN}};
        meet_trouble(simulator);
        if (!wait_for_work(simulator, others, LENGTH_OF(others), timeout))
            return error_set(error, ERROR_INTERNAL, _("The simulated cluster cannot go on waiting: %s."),
                             strerror(errno));
        if (stdin_ended(&others[1]))
            break;
    }
    return true;
}

void simulator_stop(struct simulator *simulator)
{
    uint64_t one = 1;
    int saved = errno;
    atomic_store(&simulator->stopped, true);
    if (write(simulator->wake_fd, &one, sizeof one) < 0)
        errno = saved; /* the counter is full: the loop is being woken anyway */
}

void simulator_free(struct simulator *simulator)
{
    if (simulator == NULL)
        return;
    server_free(simulator->server);
    controllers_free(simulator->controllers);
    registry_free(simulator->registry);
    scenario_free(simulator->scenario);
    certificate_release(&simulator->certificate);
    if (simulator->token != NULL)
        OPENSSL_cleanse(simulator->token, strlen(simulator->token));
    free(simulator->token);
    free(simulator->address);
    if (simulator->wake_fd >= 0)
        close(simulator->wake_fd);
    free(simulator);
}
