#include "base/memory.h"
#include "base/text.h"
#include "base/tree.h"
#include "situation/api_usage.h"
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#define API_VERSIONS_LIMIT 100

/* "v2beta1": stage 2 for GA, 1 beta, 0 alpha, −1 for other names. */
struct parsed {
    int stage;
    long major, minor;
};

static struct parsed parse(const char *name)
{
    const struct parsed other = {-1, 0, 0};
    char *end;
    if (name[0] != 'v' || !isdigit((unsigned char)name[1]))
        return other;
    struct parsed parsed = {.stage = 2, .major = strtol(name + 1, &end, 10)};
    if (*end == '\0')
        return parsed;
    bool beta = text_starts(end, "beta");
    if (!beta && !text_starts(end, "alpha"))
        return other;
    end += strlen(beta ? "beta" : "alpha");
    if (!isdigit((unsigned char)*end))
        return other;
    parsed.stage = beta ? 1 : 0;
    parsed.minor = strtol(end, &end, 10);
    return *end == '\0' ? parsed : other;
}

int api_version_compare(const char *a, const char *b)
{
    struct parsed left = parse(a), right = parse(b);
    if (left.stage != right.stage)
        return left.stage > right.stage ? -1 : 1;
    if (left.major != right.major)
        return left.major > right.major ? -1 : 1;
    if (left.minor != right.minor)
        return left.minor > right.minor ? -1 : 1;
    return strcmp(a, b);
}

static int compare_versions(const void *a, const void *b)
{
    return api_version_compare(((const struct api_version *)a)->name, ((const struct api_version *)b)->name);
}

static char *text_or_empty(const char *text)
{
    return memory_text(text != NULL ? text : "");
}

static void read_versions(struct api_crd *crd, const json_t *versions)
{
    size_t count = json_array_size(versions);
    if (count > API_VERSIONS_LIMIT)
        count = API_VERSIONS_LIMIT;
    crd->versions = memory_new_array(count, sizeof *crd->versions);
    for (size_t i = 0; i < count; i++) {
        const json_t *version = json_array_get(versions, i);
        if (tree_text(version, "name") == NULL)
            continue;
        crd->versions[crd->version_count++] = (struct api_version){
            .name = memory_text(tree_text(version, "name")),
            .served = json_is_true(tree_get(version, "served")),
            .storage = json_is_true(tree_get(version, "storage")),
            .deprecated = json_is_true(tree_get(version, "deprecated")),
            .warning = text_or_empty(tree_text(version, "deprecationWarning")),
        };
    }
    if (crd->version_count > 0)
        qsort(crd->versions, crd->version_count, sizeof *crd->versions, compare_versions);
}

struct api_crd *api_crd_make(const json_t *object)
{
    const char *group = tree_text(object, "spec", "group");
    const char *plural = tree_text(object, "spec", "names", "plural");
    const char *kind = tree_text(object, "spec", "names", "kind");
    if (group == NULL || plural == NULL || kind == NULL || tree_text(object, "metadata", "name") == NULL)
        return NULL;
    struct api_crd *crd = memory_new(sizeof *crd);
    crd->name = memory_text(tree_text(object, "metadata", "name"));
    crd->group = memory_text(group);
    crd->plural = memory_text(plural);
    crd->kind = memory_text(kind);
    crd->namespaced = !text_equal(tree_text(object, "spec", "scope"), "Cluster");
    read_versions(crd, tree_get(object, "spec", "versions"));
    const json_t *stored = tree_get(object, "status", "storedVersions");
    size_t count = json_array_size(stored), kept = 0;
    if (count > API_VERSIONS_LIMIT)
        count = API_VERSIONS_LIMIT;
    crd->stored = memory_new_array(count + 1, sizeof *crd->stored);
    for (size_t i = 0; i < count; i++)
        if (json_is_string(json_array_get(stored, i)))
            crd->stored[kept++] = memory_text(json_string_value(json_array_get(stored, i)));
    return crd;
}

void api_crd_free(struct api_crd *crd)
{
    if (crd == NULL)
        return;
    for (size_t i = 0; i < crd->version_count; i++) {
        free(crd->versions[i].name);
        free(crd->versions[i].warning);
    }
    for (size_t i = 0; crd->stored[i] != NULL; i++)
        free(crd->stored[i]);
    free(crd->versions);
    free(crd->stored);
    free(crd->name);
    free(crd->group);
    free(crd->kind);
    free(crd->plural);
    free(crd);
}

const struct api_version *api_crd_find(const struct api_crd *crd, const char *version)
{
    for (size_t i = 0; i < crd->version_count; i++)
        if (text_equal(crd->versions[i].name, version))
            return &crd->versions[i];
    return NULL;
}

const char *api_crd_preferred(const struct api_crd *crd)
{
    const struct api_version *best = NULL;
    int best_worth = -1;
    for (size_t i = 0; i < crd->version_count; i++) {
        const struct api_version *version = &crd->versions[i];
        int worth = (version->deprecated ? 0 : 2) + (version->storage ? 1 : 0);
        if (version->served && worth > best_worth) {
            best = version;
            best_worth = worth;
        }
    }
    return best != NULL ? best->name : NULL;
}
