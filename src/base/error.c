#include "base/error.h"
#include "base/memory.h"
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

/* A formatted text; aborts when memory is out, as everything here does. */
__attribute__((format(printf, 1, 0))) static char *format_list(const char *format, va_list arguments)
{
    char *text = NULL;
    if (vasprintf(&text, format, arguments) < 0)
        abort();
    return text;
}

bool error_set(struct error *error, enum error_code code, const char *format, ...)
{
    if (error == NULL)
        return false;
    va_list arguments;
    va_start(arguments, format);
    char *message = format_list(format, arguments);
    va_end(arguments);
    error_release(error);
    error->code = code;
    error->message = message;
    return false;
}

bool error_hint(struct error *error, const char *format, ...)
{
    if (error == NULL)
        return false;
    va_list arguments;
    va_start(arguments, format);
    char *hint = format_list(format, arguments);
    va_end(arguments);
    free(error->hint);
    error->hint = hint;
    return false;
}

bool error_prefix(struct error *error, const char *format, ...)
{
    if (error == NULL)
        return false;
    va_list arguments;
    va_start(arguments, format);
    CLEANUP_FREE char *place = format_list(format, arguments);
    va_end(arguments);
    char *message = memory_format("%s: %s", place, error->message != NULL ? error->message : "");
    free(error->message);
    error->message = message;
    return false;
}

void error_move(struct error *to, struct error *from)
{
    if (to == NULL) {
        error_release(from);
        return;
    }
    error_release(to);
    *to = *from;
    *from = (struct error){0};
}

void error_copy(struct error *to, const struct error *from)
{
    struct error copy = {.code = from->code, .message = memory_text(from->message), .hint = memory_text(from->hint)};
    error_move(to, &copy);
}

void error_release(struct error *error)
{
    if (error == NULL)
        return;
    free(error->message);
    free(error->hint);
    *error = (struct error){0};
}

const char *error_code_name(enum error_code code)
{
    switch (code) {
    case ERROR_NONE:
        return "none";
    case ERROR_INTERNAL:
        return "internal";
    case ERROR_USAGE:
        return "usage";
    case ERROR_NOTHING_CHANGED:
        return "nothing_changed";
    case ERROR_REFUSED:
        return "refused";
    case ERROR_PERSON_NEEDED:
        return "person_needed";
    case ERROR_STEP_FAILED:
        return "step_failed";
    case ERROR_OUTCOME_UNKNOWN:
        return "outcome_unknown";
    case ERROR_CANCELLED:
        return "cancelled";
    case ERROR_NOT_FOUND:
        return "not_found";
    case ERROR_UNREACHABLE:
        return "unreachable";
    case ERROR_FORBIDDEN:
        return "forbidden";
    case ERROR_INVALID:
        return "invalid";
    case ERROR_JOURNAL:
        return "journal";
    case ERROR_PLAN_VOID:
        return "plan_void";
    }
    return "internal";
}
