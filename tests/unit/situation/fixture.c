#include "fixture.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/memory.h"
#include "base/text.h"
#include "base/tree.h"
#include "helm/manifest.h"
#include <check.h>
#include <stdlib.h>
#include <string.h>

static char *read_file(const char *path, size_t *ret_size)
{
    struct error error = {0};
    char *bytes = NULL;
    if (!file_read(path, 1 << 20, &bytes, ret_size, &error))
        ck_abort_msg("%s", error.message);
    return bytes;
}

static char *data_path(const char *name)
{
    const char *folder = getenv("srcdir");
    return memory_format("%s/tests/data/situation/%s", folder != NULL ? folder : ".", name);
}

char *fixture_text(const char *name)
{
    CLEANUP_FREE char *path = data_path(name);
    size_t size;
    return read_file(path, &size);
}

json_t *fixture_json(const char *name)
{
    CLEANUP_FREE char *text = fixture_text(name);
    struct error error = {0};
    json_t *tree = NULL;
    if (!tree_parse(text, strlen(text), &tree, &error))
        ck_abort_msg("%s: %s", name, error.message);
    return tree;
}

json_t *fixture_parse(const char *json)
{
    CLEANUP_FREE char *text = memory_text(json);
    struct error error = {0};
    json_t *tree = NULL;
    for (char *at = text; *at != '\0'; at++)
        if (*at == '\'')
            *at = '"';
    if (!tree_parse(text, strlen(text), &tree, &error))
        ck_abort_msg("%s: %s", json, error.message);
    return tree;
}

struct helm_record *fixture_revision(int revision)
{
    CLEANUP_FREE char *name = memory_format("record-%d.txt", revision);
    CLEANUP_FREE char *text = fixture_text(name);
    struct error error = {0};
    struct helm_record *record = NULL;
    if (!helm_record_decode(text, strlen(text), true, HELM_WHOLE, &record, &error))
        ck_abort_msg("%s: %s", name, error.message);
    return record;
}

struct helm_record *fixture_record(int revision, const char *manifest)
{
    struct helm_record *record = memory_new(sizeof *record);
    struct error error = {0};
    char **const texts[] = {&record->status,       &record->description,   &record->chart,
                            &record->chart_name,   &record->chart_version, &record->app_version,
                            &record->apply_method, &record->name,          &record->namespace};
    for (size_t i = 0; i < LENGTH_OF(texts); i++)
        *texts[i] = memory_text(i < LENGTH_OF(texts) - 2 ? "" : "shop");
    record->revision = revision;
    record->updated_ms = CLOCK_UNKNOWN;
    record->values = json_object();
    if (!helm_manifest_parse(manifest, strlen(manifest), "shop", &record->manifest, &error))
        ck_abort_msg("%s", error.message);
    return record;
}

static struct playbook *parse_playbook(const char *name, const char *bytes, size_t size)
{
    struct error error = {0};
    struct playbook *playbook = NULL;
    if (!playbook_parse(name, bytes, size, &playbook, NULL, &error))
        ck_abort_msg("%s", error.message);
    return playbook;
}

struct playbook *fixture_playbook(void)
{
    const char *folder = getenv("srcdir");
    CLEANUP_FREE char *path = memory_format("%s/data/playbooks/documentdb.yaml", folder != NULL ? folder : ".");
    size_t size;
    CLEANUP_FREE char *bytes = read_file(path, &size);
    return parse_playbook("documentdb.yaml", bytes, size);
}

struct playbook *fixture_playbook_of(const char *components)
{
    CLEANUP_FREE char *text =
        memory_format("format: 1\nname: shop\ntitle: Shop\nmatch: {release: shop}\ncomponents:\n%s", components);
    return parse_playbook("shop.yaml", text, strlen(text));
}

const struct component_change *fixture_component(const struct change_set *set, const char *name)
{
    for (size_t i = 0; i < set->component_count; i++)
        if (text_equal(set->components[i].identity.name, name))
            return &set->components[i];
    ck_abort_msg("no component %s", name);
    return NULL;
}

const struct field_change *fixture_field(const struct field_change *fields, size_t count, const char *path)
{
    for (size_t i = 0; i < count; i++)
        if (text_equal(fields[i].path, path))
            return &fields[i];
    return NULL;
}

char *fixture_deployment(const char *image, const char *more)
{
    return memory_format(
        "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec:\n  replicas: 2\n"
        "  selector: {matchLabels: {app: web}}\n  template:\n    metadata: {labels: {app: web}}\n    spec:\n"
        "      containers:\n      - name: app\n        image: %s\n%s",
        image, more);
}
