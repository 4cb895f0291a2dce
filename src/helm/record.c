#include "helm/record.h"
#include "base/base64.h"
#include "base/clock.h"
#include "base/gzip.h"
#include "base/i18n.h"
#include "base/memory.h"
#include "base/text.h"
#include "base/tree.h"
#include "helm/description.h"
#include "helm/json_part.h"
#include "helm/manifest.h"
#include "helm/values.h"
#include <limits.h>
#include <stdlib.h>
#include <string.h>

/* The parts of a record that are read. */
enum {
    PART_NAME,
    PART_NAMESPACE,
    PART_VERSION,
    PART_INFO,
    PART_CHART,
    PART_CONFIG,
    PART_MANIFEST,
    PART_METHOD,
    PART_COUNT
};
static const char *const PARTS[] = {"name",   "namespace", "version",      "info", "chart",
                                    "config", "manifest",  "apply_method", NULL};

enum { CHART_METADATA, CHART_VALUES, CHART_COUNT };
static const char *const CHART_PARTS[] = {"metadata", "values", NULL};

static bool wrong_type(const char *field, const char *expected, struct error *error)
{
    return error_set(error, ERROR_INVALID, _("%s should be %s"), field, expected);
}

/* A tree of one part; NULL when the record lacks it or says null. */
static bool read_part(struct json_part part, const char *field, json_t **ret_tree, struct error *error)
{
    json_t *tree = NULL;
    if (part.bytes != NULL && !tree_parse(part.bytes, part.size, &tree, error))
        return error_prefix(error, "%s", field);
    if (json_is_null(tree)) {
        json_decref(tree);
        tree = NULL;
    }
    *ret_tree = tree;
    return true;
}

static bool read_object(struct json_part part, const char *field, json_t **ret_tree, struct error *error)
{
    json_t *tree = NULL;
    if (!read_part(part, field, &tree, error))
        return false;
    if (tree != NULL && !json_is_object(tree)) {
        json_decref(tree);
        return wrong_type(field, _("an object"), error);
    }
    *ret_tree = tree;
    return true;
}

/* A text of a tree; "" when it is not there. */
static bool take_text(const json_t *value, const char *field, char **ret_text, struct error *error)
{
    if (value != NULL && !json_is_null(value) && !json_is_string(value))
        return wrong_type(field, _("text"), error);
    *ret_text = memory_text(json_is_string(value) ? json_string_value(value) : "");
    return true;
}

static bool read_text(struct json_part part, const char *field, char **ret_text, struct error *error)
{
    json_t *tree = NULL;
    if (!read_part(part, field, &tree, error))
        return false;
    bool done = take_text(tree, field, ret_text, error);
    json_decref(tree);
    return done;
}

/* A whole number that may be absent: 0 then. */
static bool take_revision(const json_t *value, const char *field, int *ret_revision, struct error *error)
{
    int64_t revision = value == NULL || json_is_null(value) ? 0 : tree_integer(value, -1);
    if (revision < 0 || revision > INT_MAX)
        return wrong_type(field, _("a revision number"), error);
    *ret_revision = (int)revision;
    return true;
}

static bool read_info(struct json_part part, struct helm_record *record, struct error *error)
{
    json_t *info = NULL;
    if (!read_object(part, "info", &info, error))
        return false;
    bool done = take_text(json_object_get(info, "status"), "info.status", &record->status, error) &&
                take_text(json_object_get(info, "description"), "info.description", &record->description, error) &&
                take_revision(json_object_get(info, "rollback_revision"), "info.rollback_revision",
                              &record->rollback_to, error);
    const char *deployed = tree_text(info, "last_deployed");
    if (deployed == NULL || !clock_parse(deployed, &record->updated_ms))
        record->updated_ms = CLOCK_UNKNOWN;
    if (done && record->rollback_to == 0)
        record->rollback_to = description_rollback_target(record->description);
    json_decref(info);
    return done;
}

static bool read_metadata(struct json_part part, struct helm_record *record, struct error *error)
{
    json_t *metadata = NULL;
    if (!read_object(part, "chart.metadata", &metadata, error))
        return false;
    bool done =
        take_text(json_object_get(metadata, "name"), "chart.metadata.name", &record->chart_name, error) &&
        take_text(json_object_get(metadata, "version"), "chart.metadata.version", &record->chart_version, error) &&
        take_text(json_object_get(metadata, "appVersion"), "chart.metadata.appVersion", &record->app_version, error);
    if (done && record->chart_version[0] != '\0')
        record->chart = memory_format("%s-%s", record->chart_name, record->chart_version);
    else if (done)
        record->chart = memory_text(record->chart_name);
    json_decref(metadata);
    return done;
}

static bool read_values(struct json_part chart_values, struct json_part config, struct helm_record *record,
                        struct error *error)
{
    json_t *defaults = NULL;
    json_t *chosen = NULL;
    bool done =
        read_object(chart_values, "chart.values", &defaults, error) && read_object(config, "config", &chosen, error);
    if (done)
        record->values = helm_values_effective(defaults, chosen);
    json_decref(defaults);
    json_decref(chosen);
    return done;
}

/* A rollback hands both texts on, and Go's encoder writes the same value always alike. */
static void hash_content(struct helm_record *record, struct json_part manifest, struct json_part config)
{
    char hashes[2 * DIGEST_SIZE];
    digest_bytes(manifest.bytes == NULL ? "" : manifest.bytes, manifest.size, hashes);
    digest_bytes(config.bytes == NULL ? "" : config.bytes, config.size, hashes + DIGEST_SIZE);
    digest_bytes(hashes, sizeof hashes, record->content_hash);
}

/* So that a head is not taken for good whose body could not be read. */
static bool begins_with(struct json_part part, char first, const char *field, const char *expected, struct error *error)
{
    return part.bytes == NULL || part.bytes[0] == first || part.bytes[0] == 'n' || wrong_type(field, expected, error);
}

/* *ret_manifest: the manifest's text, when the whole record is wanted and has one. */
static bool read_record(struct json_part json, enum helm_depth depth, struct helm_record *record, json_t **ret_manifest,
                        struct error *error)
{
    struct json_part parts[PART_COUNT];
    struct json_part chart[CHART_COUNT] = {0};
    if (!json_part_members(json, PARTS, parts, error))
        return false;
    if (parts[PART_CHART].bytes != NULL && parts[PART_CHART].bytes[0] != 'n' &&
        !json_part_members(parts[PART_CHART], CHART_PARTS, chart, error))
        return error_prefix(error, "chart");
    json_t *version = NULL;
    if (!read_text(parts[PART_NAME], "name", &record->name, error) ||
        !read_text(parts[PART_NAMESPACE], "namespace", &record->namespace, error) ||
        !read_text(parts[PART_METHOD], "apply_method", &record->apply_method, error) ||
        !read_part(parts[PART_VERSION], "version", &version, error))
        return false;
    bool done = take_revision(version, "version", &record->revision, error);
    json_decref(version);
    if (!done || !read_info(parts[PART_INFO], record, error) || !read_metadata(chart[CHART_METADATA], record, error))
        return false;
    if (!begins_with(parts[PART_MANIFEST], '"', "manifest", _("text"), error) ||
        !begins_with(parts[PART_CONFIG], '{', "config", _("an object"), error) ||
        !begins_with(chart[CHART_VALUES], '{', "chart.values", _("an object"), error))
        return false;
    hash_content(record, parts[PART_MANIFEST], parts[PART_CONFIG]);
    return depth == HELM_HEAD || (read_values(chart[CHART_VALUES], parts[PART_CONFIG], record, error) &&
                                  read_part(parts[PART_MANIFEST], "manifest", ret_manifest, error));
}

/* Takes the outer layers off: what is left is JSON, owned by the caller. */
static bool unpack(const char *data, size_t size, bool api_base64, char **ret_json, size_t *ret_size,
                   struct error *error)
{
    CLEANUP_FREE char *outer = NULL;
    CLEANUP_FREE char *packed = NULL;
    size_t packed_size = 0;
    if (size > HELM_RECORD_PACKED_LIMIT)
        return error_set(error, ERROR_INVALID, _("the record has %zu bytes; Kubernetes stores at most 1 MiB"), size);
    if (api_base64) {
        if (!base64_decode(data, size, &outer, &size, error))
            return error_prefix(error, _("the Secret's own encoding"));
        data = outer;
    }
    if (!base64_decode(data, size, &packed, &packed_size, error))
        return error_prefix(error, _("Helm's encoding"));
    if (gzip_is(packed, packed_size)) {
        if (!gzip_unpack(packed, packed_size, HELM_RECORD_UNPACKED_LIMIT, ret_json, ret_size, error))
            return error_prefix(error, _("Helm's compression"));
        return true;
    }
    *ret_json = STEAL(packed);
    *ret_size = packed_size;
    return true;
}

bool helm_record_decode(const char *data, size_t size, bool api_base64, enum helm_depth depth,
                        struct helm_record **ret_record, struct error *error)
{
    char *bytes = NULL;
    struct json_part json = {0};
    if (!unpack(data, size, api_base64, &bytes, &json.size, error))
        return false;
    json.bytes = bytes;
    struct helm_record *record = memory_new(sizeof *record);
    json_t *manifest = NULL;
    bool done = read_record(json, depth, record, &manifest, error);
    free(bytes); /* megabytes, before the objects take their place */
    if (done && depth == HELM_WHOLE)
        done = helm_manifest_parse(manifest == NULL ? "" : json_string_value(manifest), json_string_length(manifest),
                                   record->namespace, &record->manifest, error);
    json_decref(manifest);
    if (!done) {
        helm_record_free(record);
        return error_prefix(error, _("the record's content"));
    }
    *ret_record = record;
    return true;
}

struct helm_record *helm_record_copy_head(const struct helm_record *record)
{
    struct helm_record *head = memory_copy(record, sizeof *record);
    head->name = memory_text(record->name);
    head->namespace = memory_text(record->namespace);
    head->status = memory_text(record->status);
    head->description = memory_text(record->description);
    head->chart = memory_text(record->chart);
    head->chart_name = memory_text(record->chart_name);
    head->chart_version = memory_text(record->chart_version);
    head->app_version = memory_text(record->app_version);
    head->apply_method = memory_text(record->apply_method);
    head->values = NULL;
    head->manifest = NULL;
    head->holds = 0;
    return head;
}

const struct helm_record *helm_record_hold(const struct helm_record *record)
{
    ((struct helm_record *)record)->holds++; /* not part of what is read */
    return record;
}

void helm_record_free(const struct helm_record *record)
{
    struct helm_record *owned = (struct helm_record *)record;
    if (owned == NULL)
        return;
    if (owned->holds > 0) {
        owned->holds--;
        return;
    }
    free(owned->name);
    free(owned->namespace);
    free(owned->status);
    free(owned->description);
    free(owned->chart);
    free(owned->chart_name);
    free(owned->chart_version);
    free(owned->app_version);
    free(owned->apply_method);
    json_decref(owned->values);
    helm_manifest_free(owned->manifest);
    free(owned);
}
