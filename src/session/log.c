#include "session/log.h"
#include "base/i18n.h"
#include "base/memory.h"
#include "base/redact.h"
#include "base/text.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct log {
    int fd; /* −1: keeps nothing */
    const struct clock *clock;
};

bool log_open(const char *path, const struct clock *clock, struct log **ret_log, struct error *error)
{
    int fd = -1;
    if (path != NULL) {
        fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
        if (fd < 0) {
            error_set(error, ERROR_USAGE, _("the log %s cannot be written: %s"), path, strerror(errno));
            return error_hint(error, _("name a file in a folder that you may write to, or leave --log out"));
        }
    }
    struct log *log = memory_new(sizeof *log);
    log->fd = fd;
    log->clock = clock;
    *ret_log = log;
    return true;
}

void log_close(struct log *log)
{
    if (log == NULL)
        return;
    if (log->fd >= 0)
        close(log->fd);
    free(log);
}

void log_line(struct log *log, const char *format, ...)
{
    if (log->fd < 0)
        return;
    struct text raw = {0};
    va_list arguments;
    va_start(arguments, format);
    text_append_format_list(&raw, format, arguments);
    va_end(arguments);
    CLEANUP_FREE char *redacted = redact_text(text_peek(&raw));
    CLEANUP_FREE char *clean = text_clean(redacted, false, 4096);
    char now[32];
    clock_format(clock_wall_ms(log->clock), now, sizeof now);
    CLEANUP_FREE char *line = memory_format("%s %s\n", now, clean);
    /* A log that cannot be written any more must not disturb the work; the next line tries again. */
    ssize_t written = write(log->fd, line, strlen(line));
    (void)written;
    text_release(&raw);
}
