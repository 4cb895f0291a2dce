#include "config.h"

#include "base/i18n.h"
#include "base/memory.h"
#include "command/command.h"
#include "command/demo.h"
#include "command/gather.h"
#include "command/help.h"
#include "command/line.h"
#include "command/output.h"
#include "session/session.h"
#include "ui/console.h"
#include <locale.h>
#include <malloc.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

/* Records of a megabyte come and go: freed blocks of that size go back to the system at once, and workers share their arenas. */
static void keep_memory_small(void)
{
    mallopt(M_MMAP_THRESHOLD, 128 * 1024);
    mallopt(M_ARENA_MAX, 2);
}

static void start_translations(void)
{
    setlocale(LC_ALL, "");
    bindtextdomain(PACKAGE, LOCALEDIR);
    textdomain(PACKAGE);
}

/* The dashboard: a session that goes on watching, and the screen over it. */
static bool run_dashboard(struct command_run *run, struct error *error)
{
    struct session_options options = {.wants = SITUATION_EVERYTHING};
    struct console_options console = {0};
    const char *color = command_line_value(run->line, "color");
    if (!isatty(STDOUT_FILENO)) {
        error_set(error, ERROR_USAGE, _("the dashboard needs a terminal, and standard output is none"));
        return error_hint(error, _("'rollback-console status' prints the same as text, with --json as JSON"));
    }
    struct session *session = NULL;
    if (color != NULL && !console_parse_color(color, &console.color, error))
        return false;
    if (!gather_options(run, &options, error) || !session_open(run->loop, &options, &session, error))
        return false;
    bool ok = console_run(session, run->loop, &console, error);
    session_close(session);
    return ok;
}

/* With --demo, commands and dashboard see the embedded cluster through an ordinary kubeconfig. */
static bool run_with_cluster(struct command_run *run, struct error *error)
{
    const struct command *command = command_line_command(run->line);
    struct demo *demo = NULL;
    bool wants_demo = command_line_has(run->line, "demo") && (command == NULL || !command->stands_alone);
    if (wants_demo && !demo_start(run->loop, command_line_value(run->line, "demo"), &demo, error))
        return false;
    run->demo = demo;
    bool ok = command != NULL ? command->run(run, error) : run_dashboard(run, error);
    demo_stop(demo);
    return ok;
}

static int run_line(const struct command_line *line, struct output *output)
{
    const struct command *command = command_line_command(line);
    if (command_line_has(line, "help")) {
        command_help(stdout, command);
        return EXIT_SUCCESS;
    }
    if (command_line_has(line, "version")) {
        output_line(output, "%s", PACKAGE_STRING);
        return EXIT_SUCCESS;
    }
    struct error error = {0};
    struct command_run run = {.loop = loop_new(NULL), .line = line, .output = output};
    bool ok = run_with_cluster(&run, &error) && output_finish(output, &error);
    loop_free(run.loop);
    int status = ok ? EXIT_SUCCESS : error.code != ERROR_NONE ? (int)error.code : ERROR_INTERNAL;
    if (!ok && !run.reported)
        output_error(output, &error);
    error_release(&error);
    return status;
}

int main(int argc, char **argv)
{
    keep_memory_small();
    start_translations();
    signal(SIGPIPE, SIG_IGN); /* a closed pipe or connection is an error like others */
    struct error error = {0};
    struct output output = {.stream = stdout, .json = command_line_wants_json(argc, argv)};
    struct command_line *line = NULL;
    int status;
    if (command_line_parse(argc, argv, &line, &error) &&
        output_init(&output, stdout, output.json, command_line_value(line, "color"), &error)) {
        status = run_line(line, &output);
    } else {
        output_error(&output, &error);
        status = (int)error.code;
    }
    command_line_free(line);
    error_release(&error);
    return status;
}
