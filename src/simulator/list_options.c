#include "simulator/list_options.h"
#include "base/memory.h"
#include "base/text.h"
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

bool list_options_read_version(const char *text, uint64_t *ret_version)
{
    char *end;
    if (text[0] < '0' || text[0] > '9')
        return false;
    errno = 0;
    unsigned long long version = strtoull(text, &end, 10);
    if (errno != 0 || *end != '\0')
        return false;
    *ret_version = version;
    return true;
}

bool list_options_refuse_version(const char *text, struct refusal *refusal)
{
    return refusal_set(refusal, 500, "",
                       "resourceVersion: Invalid value: \"%s\": strconv.ParseUint: parsing \"%s\": invalid syntax",
                       text, text);
}

bool list_options_refuse_future(uint64_t version, uint64_t now, struct refusal *refusal)
{
    refusal_set(refusal, 504, "Timeout", "Timeout: Too large resource version: %" PRIu64 ", current: %" PRIu64, version,
                now);
    refusal->details = json_pack("{s:[{s:s, s:s}], s:i}", "causes", "reason", "ResourceVersionTooLarge", "message",
                                 "Too large resource version", "retryAfterSeconds", 1);
    return false;
}

static bool refuse_option(struct refusal *refusal, const char *reason, const char *field, const char *why)
{
    json_t *causes = json_array();
    refusal_add_cause(causes, reason, field, "%s", why);
    refusal_invalid(refusal, "meta.k8s.io", "ListOptions", "", causes);
    json_decref(causes);
    return false;
}

static bool forbid_match(struct refusal *refusal, const char *why)
{
    return refuse_option(refusal, "FieldValueForbidden", "resourceVersionMatch", why);
}

static bool check_match(const struct list_options *options, bool watch, bool initial, const char *version,
                        struct refusal *refusal)
{
    bool matched = options->match != LIST_MATCH_UNSET;
    if (watch) {
        if (initial && options->match != LIST_MATCH_NOT_OLDER)
            return forbid_match(refusal,
                                "Forbidden: sendInitialEvents requires setting resourceVersionMatch to NotOlderThan");
        if (!initial && matched)
            return forbid_match(
                refusal, "Forbidden: resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided");
        return true;
    }
    if (initial)
        return refuse_option(refusal, "FieldValueForbidden", "sendInitialEvents",
                             "Forbidden: sendInitialEvents is forbidden for list");
    if (matched && options->cursor != NULL)
        return forbid_match(refusal, "Forbidden: resourceVersionMatch is forbidden when continue is provided");
    if (matched && !options->versioned)
        return forbid_match(refusal, "Forbidden: resourceVersionMatch is forbidden unless resourceVersion is provided");
    if (options->match == LIST_MATCH_EXACT && text_equal(version, "0"))
        return forbid_match(refusal,
                            "Forbidden: resourceVersionMatch \"exact\" is forbidden for resourceVersion \"0\"");
    return true;
}

static bool parse_match(const char *text, enum list_match *ret_match)
{
    *ret_match = text_equal(text, "Exact")          ? LIST_MATCH_EXACT
                 : text_equal(text, "NotOlderThan") ? LIST_MATCH_NOT_OLDER
                                                    : LIST_MATCH_UNSET;
    return text == NULL || text[0] == '\0' || *ret_match != LIST_MATCH_UNSET;
}

static bool parse_version(const struct api_call *call, bool watch, struct list_options *options,
                          struct refusal *refusal)
{
    const char *version = request_query(call->request, "resourceVersion");
    const char *match = request_query(call->request, "resourceVersionMatch");
    options->versioned = version != NULL && version[0] != '\0';
    if (!parse_match(match, &options->match)) {
        CLEANUP_FREE char *why =
            memory_format("Unsupported value: \"%s\": supported values: \"Exact\", \"NotOlderThan\", \"\"", match);
        return refuse_option(refusal, "FieldValueNotSupported", "resourceVersionMatch", why);
    }
    if (!check_match(options, watch, request_flag(call->request, "sendInitialEvents"), version, refusal))
        return false;
    if (!options->versioned || list_options_read_version(version, &options->version))
        return true;
    if (watch)
        return list_options_refuse_version(version, refusal);
    return refusal_bad_request(refusal,
                               "invalid resource version: resourceVersion: Invalid value: \"%s\": strconv.ParseUint: "
                               "parsing \"%s\": invalid syntax",
                               version, version);
}

static bool parse_integer(const struct api_call *call, const char *name, int64_t *ret_value, struct refusal *refusal)
{
    return request_integer(call->request, name, ret_value) ||
           refusal_bad_request(refusal, "strconv.ParseInt: parsing \"%s\": invalid syntax",
                               request_query(call->request, name));
}

bool list_options_parse(const struct api_call *call, struct list_options *options, struct refusal *refusal)
{
    bool watch = strcmp(call->verb, "watch") == 0;
    struct list_options parsed = {0};
    parsed.cursor = request_query(call->request, "continue");
    if (parsed.cursor != NULL && parsed.cursor[0] == '\0')
        parsed.cursor = NULL;
    if (!parse_integer(call, "limit", &parsed.limit, refusal) ||
        !parse_integer(call, "timeoutSeconds", &parsed.timeout_s, refusal) ||
        !parse_version(call, watch, &parsed, refusal))
        return false;
    if (parsed.cursor != NULL && parsed.versioned && parsed.version != 0)
        return refusal_bad_request(refusal, "specifying resource version is not allowed when using continue");
    parsed.initial_events = watch && request_flag(call->request, "sendInitialEvents");
    parsed.bookmarks = request_flag(call->request, "allowWatchBookmarks");
    if (!filter_parse(call->resource, call->route.version, request_query(call->request, "labelSelector"),
                      request_query(call->request, "fieldSelector"), &parsed.filter, refusal))
        return false;
    *options = parsed;
    return true;
}

void list_options_release(struct list_options *options)
{
    filter_free(options->filter);
    *options = (struct list_options){0};
}
