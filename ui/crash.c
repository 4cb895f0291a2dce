/* Handlers for fatal signals; only async-signal-safe calls. */
#include "ui/crash.h"
#include "base/memory.h"
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define RESTORE_LIMIT 256
#define STACK_SIZE    (64u << 10)

static const int fatal[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGSYS, SIGTRAP, SIGQUIT, SIGXCPU, SIGXFSZ};

/* The one piece of global state of the screen, because a handler can reach nothing else. */
static struct {
    volatile sig_atomic_t armed;
    int fd;
    struct termios settings;
    char restore[RESTORE_LIMIT];
    size_t size;
    struct sigaction before[sizeof fatal / sizeof fatal[0]];
    void *stack; /* so that an overflown stack still leaves room to restore */
} guard;

static void restore_and_fall(int number)
{
    if (guard.armed) {
        guard.armed = 0;
        ssize_t written = write(guard.fd, guard.restore, guard.size);
        (void)written;
        tcflush(guard.fd, TCIFLUSH); /* keys typed at the console are not commands for the shell */
        tcsetattr(guard.fd, TCSANOW, &guard.settings);
    }
    /* SA_RESETHAND has put the default back: this ends the process the way the signal would have. */
    raise(number);
}

void crash_guard(int fd, const struct termios *settings, const char *restore, size_t size)
{
    guard.fd = fd;
    guard.settings = *settings;
    guard.size = size < RESTORE_LIMIT ? size : RESTORE_LIMIT;
    memcpy(guard.restore, restore, guard.size);
    if (guard.armed)
        return;
    guard.stack = memory_new(STACK_SIZE);
    stack_t stack = {.ss_sp = guard.stack, .ss_size = STACK_SIZE};
    sigaltstack(&stack, NULL);
    struct sigaction action = {.sa_handler = restore_and_fall,
                               .sa_flags = (int)(SA_RESETHAND | SA_NODEFER | SA_ONSTACK)};
    sigemptyset(&action.sa_mask);
    guard.armed = 1;
    for (size_t i = 0; i < LENGTH_OF(fatal); i++)
        sigaction(fatal[i], &action, &guard.before[i]);
}

void crash_unguard(void)
{
    if (!guard.armed)
        return;
    guard.armed = 0;
    for (size_t i = 0; i < LENGTH_OF(fatal); i++)
        sigaction(fatal[i], &guard.before[i], NULL);
    stack_t none = {.ss_flags = SS_DISABLE};
    sigaltstack(&none, NULL);
    free(guard.stack);
    guard.stack = NULL;
}
