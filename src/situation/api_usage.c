#include "situation/api_usage.h"
#include "base/clock.h"
#include "base/i18n.h"
#include "base/memory.h"
#include "base/text.h"
#include "base/tree.h"
#include "situation/managed_fields.h"
#include <stdlib.h>
#include <string.h>

#define API_TEXT_LIMIT 200

/* ---- one object ---- */

static char *clean_or_empty(const char *text)
{
    return text_clean(text != NULL ? text : "", false, API_TEXT_LIMIT);
}

/* Follows "status.supportedApiVersions"; lists of texts are joined. */
static char *path_text(const json_t *object, const char *path)
{
    const json_t *value = path != NULL ? object : NULL;
    for (const char *rest = path; value != NULL && rest != NULL && *rest != '\0';) {
        size_t length = strcspn(rest, ".");
        CLEANUP_FREE char *key = memory_text_part(rest, length);
        value = json_object_get(value, key);
        rest += length + (rest[length] == '.');
    }
    struct text joined = {0};
    size_t index;
    json_t *entry;
    if (json_is_string(value))
        text_append(&joined, json_string_value(value));
    json_array_foreach(value, index, entry)
    {
        if (json_is_string(entry) && joined.size < API_TEXT_LIMIT)
            text_append_format(&joined, "%s%s", joined.size > 0 ? ", " : "", json_string_value(entry));
    }
    char *text = clean_or_empty(text_peek(&joined));
    text_release(&joined);
    return text;
}

/* kubectl's annotation; only its apiVersion is of interest, so a damaged or oversized one is nothing. */
static char *applied_version(const json_t *object)
{
    const char *text = tree_text(object, "metadata", "annotations", "kubectl.kubernetes.io/last-applied-configuration");
    json_t *applied = NULL;
    if (text == NULL || !tree_parse(text, strlen(text), &applied, NULL))
        return memory_text("");
    const char *api_version = tree_text(applied, "apiVersion");
    const char *slash = api_version != NULL ? strchr(api_version, '/') : NULL;
    char *version = clean_or_empty(slash != NULL ? slash + 1 : api_version);
    json_decref(applied);
    return version;
}

static char *own_readiness(const json_t *object)
{
    const json_t *status = tree_get(object, "status");
    const char *phase = tree_text(status, "phase");
    size_t index;
    json_t *condition;
    if (phase != NULL)
        return clean_or_empty(phase);
    json_array_foreach(tree_get(status, "conditions"), index, condition)
    {
        if (!text_equal(tree_text(condition, "type"), "Ready"))
            continue;
        if (text_equal(tree_text(condition, "status"), "True"))
            return memory_text(_("ready"));
        CLEANUP_FREE char *reason = clean_or_empty(tree_text(condition, "reason"));
        return *reason != '\0' ? memory_format(_("not ready: %s"), reason) : memory_text(_("not ready"));
    }
    return clean_or_empty(tree_text(status, "status"));
}

/* Labels that say 'ready for version …': the playbook's label up to its {version}. */
static json_t *find_marks(const struct playbook_api *api, const json_t *object)
{
    const char *brace = api != NULL && api->ready_label != NULL ? strchr(api->ready_label, '{') : NULL;
    if (brace == NULL)
        return NULL;
    CLEANUP_FREE char *prefix = memory_text_part(api->ready_label, (size_t)(brace - api->ready_label));
    json_t *marks = json_object();
    const char *key;
    json_t *value;
    json_object_foreach(tree_get(object, "metadata", "labels"), key, value)
    {
        if (text_starts(key, prefix) && json_is_string(value))
            json_object_set_new(marks, key, json_string(json_string_value(value)));
    }
    return marks;
}

struct api_object *api_object_make(const struct playbook_api *api, const json_t *object)
{
    struct api_object *kept = memory_new(sizeof *kept);
    struct managed_write write = managed_fields_newest(object);
    kept->declared = path_text(object, api != NULL ? api->declared : NULL);
    kept->written = clean_or_empty(write.version);
    kept->written_by = clean_or_empty(write.manager);
    kept->written_ms = write.time_ms;
    kept->applied = applied_version(object);
    kept->ready = own_readiness(object);
    kept->supported = path_text(object, api != NULL ? api->supported_path : NULL);
    kept->compatible = path_text(object, api != NULL ? api->compatible_path : NULL);
    kept->operator_version = path_text(object, api != NULL ? api->operator_version_path : NULL);
    kept->marks = find_marks(api, object);
    return kept;
}

void api_object_free(struct api_object *object)
{
    if (object == NULL)
        return;
    free(object->declared);
    free(object->written);
    free(object->written_by);
    free(object->applied);
    free(object->ready);
    free(object->supported);
    free(object->compatible);
    free(object->operator_version);
    json_decref(object->marks);
    free(object);
}

/* ---- the picture ---- */

void api_usage_begin(struct picture_api *usage, const struct api_crd *crd)
{
    size_t stored = 0;
    while (crd->stored[stored] != NULL)
        stored++;
    usage->crd = memory_text(crd->name);
    usage->group = memory_text(crd->group);
    usage->kind = memory_text(crd->kind);
    usage->plural = memory_text(crd->plural);
    usage->versions = memory_new_array(crd->version_count, sizeof *usage->versions);
    usage->version_count = crd->version_count;
    for (size_t i = 0; i < crd->version_count; i++) {
        const struct api_version *version = &crd->versions[i];
        usage->versions[i] = (struct picture_api_version){
            .name = clean_or_empty(version->name),
            .served = version->served,
            .storage = version->storage,
            .deprecated = version->deprecated,
            .deprecation_warning = clean_or_empty(version->warning),
        };
    }
    usage->stored_versions = memory_new_array(stored + 1, sizeof *usage->stored_versions);
    for (size_t i = 0; i < stored; i++)
        usage->stored_versions[i] = clean_or_empty(crd->stored[i]);
    usage->orphaned = memory_new(sizeof *usage->orphaned);
}

struct evidence {
    const char *version;
    const char *name;
};

static struct evidence judge(const struct playbook_api *api, const struct api_crd *crd, const struct api_object *object)
{
    const struct evidence all[] = {
        {object->declared, api != NULL && api->declared != NULL ? api->declared : ""},
        {object->written, "managedFields"},
        {object->applied, "last-applied"},
        {crd->stored[0] != NULL && crd->stored[1] == NULL ? crd->stored[0] : "", "storedVersions"},
    };
    /* A declared text that is no version of this resource (a product's own number) is no evidence; a version that is
     * not served any more is. */
    if (*object->declared != '\0' && api_crd_find(crd, object->declared) != NULL)
        return all[0];
    for (size_t i = 1; i < LENGTH_OF(all); i++)
        if (*all[i].version != '\0')
            return all[i];
    return (struct evidence){"", ""};
}

/* The nearest newer served version; NULL when there is none. Versions stand newest first. */
static const char *next_version(const struct api_crd *crd, const char *version)
{
    const char *next = NULL;
    for (size_t i = 0; i < crd->version_count && api_version_compare(crd->versions[i].name, version) < 0; i++)
        if (crd->versions[i].served)
            next = crd->versions[i].name;
    return next;
}

static int ready_for_next(const struct playbook_api *api, const struct api_object *object, const char *next)
{
    const char *brace = api != NULL && api->ready_label != NULL ? strchr(api->ready_label, '{') : NULL;
    if (next == NULL || brace == NULL)
        return -1;
    const char *close = strchr(brace, '}');
    CLEANUP_FREE char *label = memory_format("%.*s%s%s", (int)(brace - api->ready_label), api->ready_label, next,
                                             close != NULL ? close + 1 : "");
    const char *mark = tree_text(object->marks, label);
    return mark == NULL ? -1 : text_equal(mark, "true");
}

static char *describe_write(const struct api_object *object)
{
    if (*object->written_by == '\0')
        return memory_text("");
    return memory_format(_("%s with %s"), object->written_by, *object->written != '\0' ? object->written : "?");
}

void api_usage_add(struct picture_api *usage, const struct playbook_api *api, const struct api_crd *crd,
                   const char *namespace, const char *name, const struct api_object *object)
{
    struct evidence evidence = judge(api, crd, object);
    const char *next = *evidence.version != '\0' ? next_version(crd, evidence.version) : NULL;
    int ready = ready_for_next(api, object, next);
    bool marked = api != NULL && api->ready_label != NULL;
    usage->objects = memory_resize(usage->objects, usage->object_count + 1, sizeof *usage->objects);
    usage->objects[usage->object_count++] = (struct picture_api_object){
        .namespace = memory_text(namespace),
        .name = memory_text(name),
        .version = memory_text(evidence.version),
        .evidence = memory_text(evidence.name),
        .last_written_by = describe_write(object),
        .ready = memory_text(object->ready),
        .ready_for_next = ready,
        .supported = memory_text(object->supported),
        .compatible = memory_text(object->compatible),
        .operator_version = memory_text(object->operator_version),
    };
    for (size_t i = 0; i < usage->version_count; i++) {
        if (!text_equal(usage->versions[i].name, evidence.version))
            continue;
        usage->versions[i].count++;
        usage->versions[i].not_ready += marked && next != NULL && ready != 1;
    }
}

char **api_usage_orphans(const struct picture_api *usage, const struct api_crd *target)
{
    char **orphans = memory_new_array(usage->object_count + 1, sizeof *orphans);
    size_t count = 0;
    for (size_t i = 0; target != NULL && i < usage->object_count; i++) {
        const struct picture_api_object *object = &usage->objects[i];
        const struct api_version *version = api_crd_find(target, object->version);
        if (*object->version == '\0' || (version != NULL && version->served))
            continue;
        orphans[count++] = *object->namespace != '\0' ? memory_format("%s/%s", object->namespace, object->name)
                                                      : memory_text(object->name);
    }
    return orphans;
}

void api_usage_free_orphans(char **orphans)
{
    for (size_t i = 0; orphans != NULL && orphans[i] != NULL; i++)
        free(orphans[i]);
    free(orphans);
}

static void release_object(struct picture_api_object *object)
{
    free(object->namespace);
    free(object->name);
    free(object->version);
    free(object->evidence);
    free(object->last_written_by);
    free(object->ready);
    free(object->supported);
    free(object->compatible);
    free(object->operator_version);
}

void api_usage_release(struct picture_api *usage)
{
    for (size_t i = 0; i < usage->version_count; i++) {
        free(usage->versions[i].name);
        free(usage->versions[i].deprecation_warning);
    }
    for (size_t i = 0; i < usage->object_count; i++)
        release_object(&usage->objects[i]);
    for (size_t i = 0; usage->stored_versions != NULL && usage->stored_versions[i] != NULL; i++)
        free(usage->stored_versions[i]);
    api_usage_free_orphans(usage->orphaned);
    free(usage->stored_versions);
    free(usage->versions);
    free(usage->objects);
    free(usage->crd);
    free(usage->group);
    free(usage->kind);
    free(usage->plural);
    part_release(&usage->part);
    *usage = (struct picture_api){0};
}
