#include "simulator/request.h"
#include "base/memory.h"
#include "base/utf8.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static int hex_digit(char character)
{
    if (character >= '0' && character <= '9')
        return character - '0';
    character |= 0x20;
    return character >= 'a' && character <= 'f' ? character - 'a' + 10 : -1;
}

/* Everything here may end in a JSON text of an answer. */
static bool is_utf8(const char *text)
{
    return utf8_valid(text, strlen(text), NULL);
}

/* `size` bytes with percent-encoding taken away (and '+' in a query); NULL when malformed. */
static char *decode(const char *bytes, size_t size, bool query)
{
    char *decoded = memory_new(size + 1);
    size_t length = 0;
    for (size_t i = 0; i < size; i++) {
        char character = bytes[i];
        if (character == '%') {
            int high = size - i > 2 ? hex_digit(bytes[i + 1]) : -1;
            int low = high >= 0 ? hex_digit(bytes[i + 2]) : -1;
            character = low >= 0 ? (char)(high * 16 + low) : '\0';
            i += 2;
            if (character == '\0') {
                free(decoded);
                return NULL;
            }
        } else if (character == '+' && query) {
            character = ' ';
        }
        decoded[length++] = character;
    }
    if (!is_utf8(decoded)) {
        free(decoded);
        return NULL;
    }
    return decoded;
}

/* The path is decoded before it is split, as Go's server does: an encoded slash is one. */
static bool split_path(struct request *request, const char *path, size_t size)
{
    CLEANUP_FREE char *decoded = decode(path, size, false);
    if (decoded == NULL || decoded[0] != '/')
        return false;
    size_t length = strlen(decoded);
    if (length > 1 && decoded[length - 1] == '/')
        decoded[length - 1] = '\0';
    const char *at = decoded + 1;
    for (;;) {
        size_t segment = strcspn(at, "/");
        if (request->segment_count == REQUEST_PARTS_LIMIT)
            return false;
        request->segments[request->segment_count++] = memory_text_part(at, segment);
        if (at[segment] == '\0')
            return true;
        at += segment + 1;
    }
}

static bool split_query(struct request *request, const char *query)
{
    while (*query != '\0') {
        size_t length = strcspn(query, "&");
        size_t name_length = strcspn(query, "=&");
        if (length > 0) {
            if (request->query_count == REQUEST_PARTS_LIMIT)
                return false;
            struct request_pair *pair = &request->query[request->query_count];
            size_t value_at = name_length < length ? name_length + 1 : length;
            pair->name = decode(query, name_length, true);
            pair->value = decode(query + value_at, length - value_at, true);
            request->query_count++;
            if (pair->name == NULL || pair->value == NULL)
                return false;
        }
        query += length;
        query += *query == '&';
    }
    return true;
}

bool request_set_target(struct request *request, const char *target)
{
    size_t path_size = strcspn(target, "?");
    return split_path(request, target, path_size) &&
           (target[path_size] == '\0' || split_query(request, target + path_size + 1));
}

void request_add_header(struct request *request, const char *name, const char *value)
{
    if (request->header_count == REQUEST_PARTS_LIMIT || !is_utf8(name) || (value != NULL && !is_utf8(value)))
        return;
    request->headers[request->header_count++] =
        (struct request_pair){.name = memory_text(name), .value = memory_text(value != NULL ? value : "")};
}

static void release_pairs(struct request_pair *pairs, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        free(pairs[i].name);
        free(pairs[i].value);
    }
}

void request_release(struct request *request)
{
    for (size_t i = 0; i < request->segment_count; i++)
        free(request->segments[i]);
    release_pairs(request->query, request->query_count);
    release_pairs(request->headers, request->header_count);
    free(request->method);
    free(request->body);
    free(request->user);
    json_decref(request->groups);
    *request = (struct request){0};
}

const char *request_query(const struct request *request, const char *name)
{
    for (size_t i = 0; i < request->query_count; i++)
        if (strcmp(request->query[i].name, name) == 0)
            return request->query[i].value;
    return NULL;
}

const char *request_header(const struct request *request, const char *name)
{
    for (size_t i = 0; i < request->header_count; i++)
        if (strcasecmp(request->headers[i].name, name) == 0)
            return request->headers[i].value;
    return NULL;
}

bool request_flag(const struct request *request, const char *name)
{
    const char *value = request_query(request, name);
    return value != NULL && strcasecmp(value, "false") != 0 && strcmp(value, "0") != 0;
}

bool request_integer(const struct request *request, const char *name, int64_t *ret_value)
{
    const char *value = request_query(request, name);
    if (value == NULL || value[0] == '\0')
        return true;
    char *end;
    errno = 0;
    long long parsed = strtoll(value, &end, 10);
    if (errno != 0 || *end != '\0' || value[0] == ' ')
        return false;
    *ret_value = parsed;
    return true;
}
