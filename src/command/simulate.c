/* simulate: the embedded cluster alone. Prints a kubeconfig and serves until it is interrupted. */
#include "command/simulate.h"
#include "base/file.h"
#include "base/i18n.h"
#include "base/memory.h"
#include "base/text.h"
#include "command/command.h"
#include "command/output.h"
#include "simulator/simulator.h"
#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <uv.h>

/* The names of the shipped scenarios, for a message. */
static void add_scenarios(struct text *names)
{
    CLEANUP_FREE char *folder = file_data("scenarios");
    DIR *entries = folder != NULL ? opendir(folder) : NULL;
    if (entries == NULL)
        return;
    for (const struct dirent *entry = readdir(entries); entry != NULL; entry = readdir(entries))
        if (text_ends(entry->d_name, ".yaml"))
            text_append_format(names, "%s%.*s", names->size > 0 ? ", " : "", (int)(strlen(entry->d_name) - 5), entry->d_name);
    closedir(entries);
}

/* A name of a shipped scenario, or a file. */
static bool scenario_path(const char *scenario, char **ret_path, struct error *error)
{
    CLEANUP_FREE char *name = memory_format("scenarios/%s.yaml", scenario);
    bool is_file = strchr(scenario, '/') != NULL || text_ends(scenario, ".yaml") || text_ends(scenario, ".yml");
    CLEANUP_FREE char *path = is_file ? memory_text(scenario) : file_data(name);
    if (path != NULL && access(path, R_OK) == 0) {
        *ret_path = STEAL(path);
        return true;
    }
    CLEANUP_FREE char *shown = text_clean(scenario, false, 80);
    struct text names = {0};
    add_scenarios(&names);
    error_set(error, ERROR_NOT_FOUND, _("there is no scenario '%s'"), shown);
    CLEANUP_FREE char *folder = file_data("scenarios");
    if (names.size > 0)
        error_hint(error, _("there are: %s; or name a file"), text_peek(&names));
    else
        error_hint(error, _("the folder %s has none; set ROLLBACK_CONSOLE_DATA to the folder of the shipped data"), folder);
    text_release(&names);
    return false;
}

/* Signals come in on a thread of their own, through a small loop: a handler may do next to nothing. */
struct interrupt {
    uv_loop_t loop;
    uv_signal_t signals[3];
    uv_async_t over;
    uv_thread_t thread;
    struct simulator *simulator;
};

static void interrupted(uv_signal_t *signal, int number)
{
    (void)number;
    struct interrupt *interrupt = signal->data;
    simulator_stop(interrupt->simulator);
}

static void close_all(uv_async_t *over)
{
    struct interrupt *interrupt = over->data;
    for (size_t i = 0; i < LENGTH_OF(interrupt->signals); i++)
        uv_close((uv_handle_t *)&interrupt->signals[i], NULL);
    uv_close((uv_handle_t *)over, NULL);
}

static void listen_for_signals(void *context)
{
    struct interrupt *interrupt = context;
    uv_run(&interrupt->loop, UV_RUN_DEFAULT);
}

static void interrupt_start(struct interrupt *interrupt, struct simulator *simulator)
{
    static const int numbers[] = {SIGINT, SIGTERM, SIGHUP};
    interrupt->simulator = simulator;
    uv_loop_init(&interrupt->loop);
    uv_async_init(&interrupt->loop, &interrupt->over, close_all);
    interrupt->over.data = interrupt;
    for (size_t i = 0; i < LENGTH_OF(numbers); i++) {
        uv_signal_init(&interrupt->loop, &interrupt->signals[i]);
        interrupt->signals[i].data = interrupt;
        uv_signal_start(&interrupt->signals[i], interrupted, numbers[i]);
    }
    uv_thread_create(&interrupt->thread, listen_for_signals, interrupt);
}

static void interrupt_stop(struct interrupt *interrupt)
{
    uv_async_send(&interrupt->over);
    uv_thread_join(&interrupt->thread);
    uv_loop_close(&interrupt->loop);
}

static bool serve(struct command_run *run, struct simulator *simulator, struct error *error)
{
    CLEANUP_FREE char *kubeconfig = simulator_kubeconfig(simulator);
    fprintf(run->output->stream, "%s%s", kubeconfig, SIMULATE_READY);
    if (!output_finish(run->output, error))
        return false;
    struct interrupt interrupt;
    interrupt_start(&interrupt, simulator);
    bool ok = simulator_run(simulator, error);
    interrupt_stop(&interrupt);
    return ok;
}

static bool run(struct command_run *run, struct error *error)
{
    const char *scenario = command_line_argument(run->line, 0);
    int port = 0;
    CLEANUP_FREE char *path = NULL;
    if (!command_line_number(run->line, "port", 0, &port, error) ||
        !scenario_path(scenario != NULL ? scenario : SIMULATE_DEFAULT_SCENARIO, &path, error))
        return false;
    if (port > UINT16_MAX)
        return error_set(error, ERROR_USAGE, _("--port: %d is no port; the highest is %d"), port, UINT16_MAX);
    const struct simulator_options options = {
        .scenario = path,
        .port = (uint16_t)port,
        .until_stdin_closes = command_line_has(run->line, SIMULATE_UNTIL_STDIN_CLOSES),
    };
    struct simulator *simulator = NULL;
    bool ok = simulator_start(&options, &simulator, error) && serve(run, simulator, error);
    simulator_free(simulator);
    return ok;
}

static const struct command_option options[] = {
    {"port", 0, N_("N"), false, N_("port on 127.0.0.1 (default: one that is free)")},
    {SIMULATE_UNTIL_STDIN_CLOSES, 0, NULL, false, N_("end when standard input is closed")},
    {0},
};

const struct command command_simulate = {
    .name = "simulate",
    .arguments = "[SCENARIO]",
    .argument_maximum = 1,
    .summary = N_("run the embedded cluster alone and print a kubeconfig for it"),
    .options = options,
    .stands_alone = true,
    .run = run,
};
