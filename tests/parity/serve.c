/* The simulated cluster for tests: serve KUBECONFIG-FILE [SCENARIO]; runs until its standard input ends. */
#include "base/error.h"
#include "simulator/simulator.h"
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static bool write_kubeconfig(const struct simulator *simulator, const char *path)
{
    char *text = simulator_kubeconfig(simulator);
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    bool good = fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text);
    if (fd >= 0)
        close(fd);
    free(text);
    return good;
}

int main(int count, char **arguments)
{
    struct error error = {0};
    struct simulator *simulator = NULL;
    struct simulator_options options = {
        .scenario = count > 2 ? arguments[2] : NULL, .until_stdin_closes = true, .history = 1000};
    bool good = count > 1 && simulator_start(&options, &simulator, &error);
    if (good && !write_kubeconfig(simulator, arguments[1]))
        good = error_set(&error, ERROR_INTERNAL, "%s cannot be written", arguments[1]);
    if (good) {
        puts("ready");
        fflush(stdout);
        good = simulator_run(simulator, &error);
    }
    if (!good)
        fprintf(stderr, "serve: %s\n", error.message != NULL ? error.message : "KUBECONFIG-FILE is missing");
    simulator_free(simulator);
    error_release(&error);
    return good ? EXIT_SUCCESS : EXIT_FAILURE;
}
