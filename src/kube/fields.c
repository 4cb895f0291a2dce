#include "kube/fields.h"
#include "base/base64.h"
#include "base/file.h"
#include "base/i18n.h"
#include "base/memory.h"
#include "base/text.h"
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *kube_fields_kind(const json_t *value)
{
    switch (json_typeof(value)) {
    case JSON_OBJECT:
        return _("a map");
    case JSON_ARRAY:
        return _("a list");
    case JSON_STRING:
        return _("text");
    case JSON_INTEGER:
    case JSON_REAL:
        return _("a number");
    case JSON_TRUE:
    case JSON_FALSE:
        return _("true or false");
    case JSON_NULL:
        return _("nothing");
    }
    return "?";
}

void kube_texts_free(char **texts)
{
    for (size_t i = 0; texts != NULL && texts[i] != NULL; i++)
        free(texts[i]);
    free(texts);
}

size_t kube_texts_count(char *const *texts)
{
    size_t count = 0;
    while (texts != NULL && texts[count] != NULL)
        count++;
    return count;
}

char *kube_fields_place(const struct kube_fields *fields, const char *key)
{
    int line = 0;
    int column = 0;
    bool known = false;
    CLEANUP_FREE char *source = text_clean(fields->source, false, 0);
    if (fields->positions != NULL && key != NULL) {
        CLEANUP_FREE char *pointer = yaml_pointer(fields->pointer, key);
        known = yaml_position(fields->positions, pointer, true, &line, &column);
    }
    if (fields->positions != NULL && !known)
        known = yaml_position(fields->positions, fields->pointer, false, &line, &column);
    return known ? memory_format("%s:%d:%d", source, line, column) : STEAL(source);
}

bool kube_fields_error(const struct kube_fields *fields, const char *key, struct error *error, const char *format, ...)
{
    struct text message = {0};
    va_list arguments;
    va_start(arguments, format);
    text_append_format_list(&message, format, arguments);
    va_end(arguments);
    CLEANUP_FREE char *place = kube_fields_place(fields, key);
    error_set(error, ERROR_INVALID, "%s: %s", place, text_peek(&message));
    text_release(&message);
    return false;
}

static const json_t *value_of(const struct kube_fields *fields, const char *key)
{
    const json_t *value = json_object_get(fields->object, key);
    return json_is_null(value) ? NULL : value;
}

static bool wrong_type(const struct kube_fields *fields, const char *key, const json_t *value, const char *wanted,
                       struct error *error)
{
    /* The value itself is not told: it may be a password that YAML reads as a number. */
    kube_fields_error(fields, key, error, _("'%s' must be %s, but is %s."), key, wanted, kube_fields_kind(value));
    if (json_is_number(value) || json_is_boolean(value))
        error_hint(error, _("Put the value in quotes if it is meant as text."));
    return false;
}

bool kube_fields_text(const struct kube_fields *fields, const char *key, char **ret_text, struct error *error)
{
    const json_t *value = value_of(fields, key);
    if (value != NULL && !json_is_string(value))
        return wrong_type(fields, key, value, _("text"), error);
    if (value != NULL && strlen(json_string_value(value)) != json_string_length(value))
        return kube_fields_error(fields, key, error, _("'%s' contains a NUL character."), key);
    *ret_text = json_string_length(value) == 0 ? NULL : memory_text(json_string_value(value));
    return true;
}

bool kube_fields_flag(const struct kube_fields *fields, const char *key, bool *ret_flag, struct error *error)
{
    const json_t *value = value_of(fields, key);
    if (value != NULL && !json_is_boolean(value)) {
        kube_fields_error(fields, key, error, _("'%s' must be true or false, but is %s."), key,
                          kube_fields_kind(value));
        return error_hint(error, _("Write %s: true, without quotes."), key);
    }
    *ret_flag = json_is_true(value);
    return true;
}

bool kube_fields_array(const struct kube_fields *fields, const char *key, const json_t **ret_value, struct error *error)
{
    const json_t *value = value_of(fields, key);
    if (value != NULL && !json_is_array(value))
        return wrong_type(fields, key, value, _("a list"), error);
    *ret_value = value;
    return true;
}

bool kube_fields_object(const struct kube_fields *fields, const char *key, const json_t **ret_value,
                        struct error *error)
{
    const json_t *value = value_of(fields, key);
    if (value != NULL && !json_is_object(value))
        return wrong_type(fields, key, value, _("a map"), error);
    *ret_value = value;
    return true;
}

bool kube_fields_list(const struct kube_fields *fields, const char *key, char ***ret_texts, struct error *error)
{
    const json_t *list = NULL;
    if (!kube_fields_array(fields, key, &list, error))
        return false;
    size_t count = json_array_size(list);
    if (count == 0) {
        *ret_texts = NULL;
        return true;
    }
    char **texts = memory_new_array(count + 1, sizeof(*texts));
    for (size_t i = 0; i < count; i++) {
        const json_t *item = json_array_get(list, i);
        const char *text = json_is_null(item) ? "" : json_string_value(item);
        if (text == NULL || (json_is_string(item) && strlen(text) != json_string_length(item))) {
            kube_texts_free(texts);
            return kube_fields_error(fields, key, error, _("'%s' must be a list of texts; item %zu is %s."), key, i + 1,
                                     text == NULL ? kube_fields_kind(item) : _("text with a NUL character"));
        }
        texts[i] = memory_text(text);
    }
    *ret_texts = texts;
    return true;
}

bool kube_fields_data(const struct kube_fields *fields, const char *key, char **ret_text, struct error *error)
{
    CLEANUP_FREE char *encoded = NULL;
    if (!kube_fields_text(fields, key, &encoded, error))
        return false;
    if (encoded == NULL) {
        *ret_text = NULL;
        return true;
    }
    CLEANUP_FREE char *bytes = NULL;
    size_t size = 0;
    struct error reason = {0};
    if (!base64_decode(encoded, strlen(encoded), &bytes, &size, &reason)) {
        kube_fields_error(fields, key, error, _("'%s' is not base64 (%s)."), key, reason.message);
        error_release(&reason);
        if (strstr(encoded, "-----BEGIN") != NULL)
            error_hint(error, _("It looks like plain PEM text: encode it with 'base64 -w0', or name a file instead."));
        return false;
    }
    if (size == 0 || strlen(bytes) != size)
        return kube_fields_error(fields, key, error, _("'%s' is not the base64 of a PEM text."), key);
    *ret_text = STEAL(bytes);
    return true;
}

bool kube_fields_path(const struct kube_fields *fields, const char *key, char **ret_path, struct error *error)
{
    CLEANUP_FREE char *path = NULL;
    if (!kube_fields_text(fields, key, &path, error))
        return false;
    *ret_path = path == NULL ? NULL : file_resolve(fields->source, path);
    return true;
}

bool kube_fields_file(const struct kube_fields *fields, const char *key, const char *path, size_t limit,
                      char **ret_text, struct error *error)
{
    CLEANUP_FREE char *bytes = NULL;
    size_t size = 0;
    struct error reason = {0};
    if (!file_read(path, limit, &bytes, &size, &reason)) {
        kube_fields_error(fields, key, error, "%s: %s.", key, reason.message);
        error_hint(error, "%s",
                   reason.hint != NULL ? reason.hint : _("Paths stand beside the kubeconfig that names them."));
        error_release(&reason);
        return false;
    }
    if (strlen(bytes) != size)
        return kube_fields_error(fields, key, error, _("%s: the file is not text."), key);
    *ret_text = STEAL(bytes);
    return true;
}
