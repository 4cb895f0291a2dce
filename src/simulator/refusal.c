#include "simulator/refusal.h"
#include "base/memory.h"
#include "base/text.h"
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char *format_list(const char *format, va_list arguments) __attribute__((format(printf, 1, 0)));

static char *format_list(const char *format, va_list arguments)
{
    char *text = NULL;
    if (vasprintf(&text, format, arguments) < 0)
        abort();
    return text;
}

/* Takes over `message`. */
static bool fill(struct refusal *refusal, int code, const char *reason, char *message)
{
    if (refusal == NULL) {
        free(message);
        return false;
    }
    refusal_release(refusal);
    refusal->code = code;
    refusal->reason = reason;
    refusal->message = message;
    return false;
}

bool refusal_set(struct refusal *refusal, int code, const char *reason, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    char *message = format_list(format, arguments);
    va_end(arguments);
    return fill(refusal, code, reason, message);
}

void refusal_release(struct refusal *refusal)
{
    if (refusal == NULL)
        return;
    free(refusal->message);
    json_decref(refusal->details);
    *refusal = (struct refusal){0};
}

bool refusal_bad_request(struct refusal *refusal, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    char *message = format_list(format, arguments);
    va_end(arguments);
    return fill(refusal, 400, "BadRequest", message);
}

/* "deployments.apps", or "pods" in the core group. */
static char *qualified(const char *group, const char *name)
{
    return group != NULL && group[0] != '\0' ? memory_format("%s.%s", name, group) : memory_text(name);
}

static bool with_details(struct refusal *refusal, const char *group, const char *kind, const char *name)
{
    if (refusal == NULL)
        return false;
    refusal->details = json_object();
    if (name != NULL && name[0] != '\0')
        json_object_set_new(refusal->details, "name", json_string(name));
    if (group != NULL && group[0] != '\0')
        json_object_set_new(refusal->details, "group", json_string(group));
    json_object_set_new(refusal->details, "kind", json_string(kind));
    return false;
}

bool refusal_not_found(struct refusal *refusal, const char *group, const char *resource, const char *name)
{
    CLEANUP_FREE char *what = qualified(group, resource);
    refusal_set(refusal, 404, "NotFound", "%s \"%s\" not found", what, name);
    return with_details(refusal, group, resource, name);
}

bool refusal_already_exists(struct refusal *refusal, const char *group, const char *resource, const char *name)
{
    CLEANUP_FREE char *what = qualified(group, resource);
    refusal_set(refusal, 409, "AlreadyExists", "%s \"%s\" already exists", what, name);
    return with_details(refusal, group, resource, name);
}

bool refusal_conflict(struct refusal *refusal, const char *group, const char *resource, const char *name,
                      const char *why)
{
    CLEANUP_FREE char *what = qualified(group, resource);
    refusal_set(refusal, 409, "Conflict", "Operation cannot be fulfilled on %s \"%s\": %s", what, name, why);
    return with_details(refusal, group, resource, name);
}

bool refusal_modified(struct refusal *refusal, const char *group, const char *resource, const char *name)
{
    return refusal_conflict(
        refusal, group, resource, name,
        "the object has been modified; please apply your changes to the latest version and try again");
}

bool refusal_forbidden(struct refusal *refusal, const char *group, const char *resource, const char *name,
                       const char *why)
{
    CLEANUP_FREE char *what = qualified(group, resource);
    if (name != NULL && name[0] != '\0')
        refusal_set(refusal, 403, "Forbidden", "%s \"%s\" is forbidden: %s", what, name, why);
    else
        refusal_set(refusal, 403, "Forbidden", "%s is forbidden: %s", what, why);
    return with_details(refusal, group, resource, name);
}

void refusal_add_cause(json_t *causes, const char *reason, const char *field, const char *body_format, ...)
{
    va_list arguments;
    va_start(arguments, body_format);
    CLEANUP_FREE char *body = format_list(body_format, arguments);
    va_end(arguments);
    json_t *cause = json_object();
    json_object_set_new(cause, "reason", json_string(reason));
    json_object_set_new(cause, "message", json_string(body));
    json_object_set_new(cause, "field", json_string(field));
    json_array_append_new(causes, cause);
}

/* "field: body", as Go's field.Error prints itself. */
static char *cause_text(const json_t *cause)
{
    return memory_format("%s: %s", json_string_value(json_object_get(cause, "field")),
                         json_string_value(json_object_get(cause, "message")));
}

/* All causes in one text, each different one once: alone, or as "[a, b]". */
static char *aggregate(const json_t *causes)
{
    json_t *unique = json_object();
    char *all = memory_text("");
    size_t index;
    json_t *cause;
    json_array_foreach(causes, index, cause)
    {
        CLEANUP_FREE char *text = cause_text(cause);
        if (json_object_get(unique, text) != NULL)
            continue;
        json_object_set_new(unique, text, json_true());
        char *longer = memory_format("%s%s%s", all, all[0] != '\0' ? ", " : "", text);
        free(all);
        all = longer;
    }
    if (json_object_size(unique) > 1) {
        char *bracketed = memory_format("[%s]", all);
        free(all);
        all = bracketed;
    }
    json_decref(unique);
    return all;
}

bool refusal_invalid(struct refusal *refusal, const char *group, const char *kind, const char *name,
                     const json_t *causes)
{
    CLEANUP_FREE char *what = qualified(group, kind);
    CLEANUP_FREE char *why = aggregate(causes);
    refusal_set(refusal, 422, "Invalid", "%s \"%s\" is invalid: %s", what, name, why);
    with_details(refusal, group, kind, name);
    if (refusal != NULL)
        json_object_set_new(refusal->details, "causes", json_deep_copy(causes));
    return false;
}

/* A message may quote what a client sent, which need not be UTF-8, or be cut within a character. */
static json_t *message_of(const struct refusal *refusal)
{
    json_t *message = json_string(refusal->message != NULL ? refusal->message : "");
    if (message != NULL)
        return message;
    CLEANUP_FREE char *cleaned = text_clean(refusal->message, true, 0);
    return json_string(cleaned);
}

json_t *refusal_status(const struct refusal *refusal)
{
    json_t *status = json_pack("{s:s, s:s, s:{}, s:s, s:o}", "kind", "Status", "apiVersion", "v1", "metadata", "status",
                               "Failure", "message", message_of(refusal));
    if (refusal->reason != NULL && refusal->reason[0] != '\0')
        json_object_set_new(status, "reason", json_string(refusal->reason));
    if (refusal->details != NULL)
        json_object_set_new(status, "details", json_deep_copy(refusal->details));
    json_object_set_new(status, "code", json_integer(refusal->code));
    return status;
}
