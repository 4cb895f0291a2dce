#include "situation/stored_hashes.h"
#include "base/memory.h"
#include "base/text.h"
#include "base/tree.h"
#include "situation/identity.h"
#include <ctype.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#define STORED_ROWS_LIMIT 500
#define STORED_TEXT_LIMIT 500

/* ---- names ---- */

char *stored_hashes_prefix(const struct playbook *playbook, const char *release)
{
    const char *setting = playbook != NULL ? playbook_setting_text(playbook, "hash_configmap", NULL) : NULL;
    return setting != NULL ? memory_text(setting) : memory_format("%s-component-hashes", release);
}

char *stored_hashes_name(const char *prefix, int revision)
{
    return memory_format("%s-r%d", prefix, revision);
}

bool stored_hashes_revision(const char *prefix, const char *name, int *ret_revision)
{
    size_t length = strlen(prefix);
    if (strncmp(name, prefix, length) != 0 || strncmp(name + length, "-r", 2) != 0)
        return false;
    const char *digits = name + length + 2;
    long revision = 0;
    if (*digits == '\0' || *digits == '0')
        return false;
    for (; isdigit((unsigned char)*digits); digits++) {
        revision = revision * 10 + (*digits - '0');
        if (revision > INT_MAX)
            return false;
    }
    *ret_revision = (int)revision;
    return *digits == '\0';
}

/* ---- what a ConfigMap says ---- */

static struct stored_hash *row_of(struct stored_hashes *stored, const char *component)
{
    for (size_t i = 0; i < stored->count; i++)
        if (text_equal(stored->rows[i].component, component))
            return &stored->rows[i];
    if (stored->count == STORED_ROWS_LIMIT)
        return NULL;
    stored->rows = memory_resize(stored->rows, stored->count + 1, sizeof *stored->rows);
    stored->rows[stored->count] = (struct stored_hash){.component = memory_text(component)};
    return &stored->rows[stored->count++];
}

static void read_key(struct stored_hashes *stored, const char *key, const char *value, const char *suffix, bool is_hash)
{
    size_t length = strlen(key), end = strlen(suffix);
    if (length <= end || !text_ends(key, suffix))
        return;
    CLEANUP_FREE char *component = memory_text_part(key, length - end);
    struct stored_hash *row = row_of(stored, component);
    char **place = row == NULL ? NULL : is_hash ? &row->hash : &row->image;
    if (place != NULL && *place == NULL)
        *place = text_clean(value, false, STORED_TEXT_LIMIT);
}

struct stored_hashes *stored_hashes_make(const json_t *object)
{
    struct stored_hashes *stored = memory_new(sizeof *stored);
    const char *uid = tree_text(object, "metadata", "uid"), *version = tree_text(object, "metadata", "resourceVersion");
    const char *key;
    json_t *value;
    stored->uid = memory_text(uid != NULL ? uid : "");
    stored->resource_version = memory_text(version != NULL ? version : "");
    json_object_foreach(tree_get(object, "data"), key, value)
    {
        if (!json_is_string(value))
            continue;
        read_key(stored, key, json_string_value(value), "-hash", true);
        read_key(stored, key, json_string_value(value), "-config", false);
    }
    return stored;
}

void stored_hashes_free(struct stored_hashes *stored)
{
    if (stored == NULL)
        return;
    for (size_t i = 0; i < stored->count; i++) {
        free(stored->rows[i].component);
        free(stored->rows[i].image);
        free(stored->rows[i].hash);
    }
    free(stored->rows);
    free(stored->uid);
    free(stored->resource_version);
    free(stored);
}

/* ---- what a record says ---- */

void record_hashes_make(const struct playbook *playbook, const struct helm_record *record,
                        struct record_hash **ret_rows, size_t *ret_count)
{
    struct component_identity *identities;
    size_t count;
    char **texts;
    identities_make(playbook, record, NULL, &identities, &count, &texts);
    struct record_hash *rows = memory_new_array(count, sizeof *rows);
    for (size_t i = 0; i < count; i++) {
        struct fingerprint fingerprint;
        fingerprint_make(&identities[i], record, &fingerprint);
        rows[i].component = memory_text(identities[i].name);
        rows[i].image = memory_text(fingerprint.image);
        memcpy(rows[i].hash, fingerprint.image_hash, DIGEST_SIZE);
        fingerprint_release(&fingerprint);
    }
    free(identities);
    identities_free_texts(texts);
    *ret_rows = rows;
    *ret_count = count;
}

void record_hashes_free(struct record_hash *rows, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        free(rows[i].component);
        free(rows[i].image);
    }
    free(rows);
}

/* ---- both ---- */

static const struct stored_hash *find_stored(const struct stored_hashes *stored, const char *component)
{
    for (size_t i = 0; stored != NULL && i < stored->count; i++)
        if (text_equal(stored->rows[i].component, component))
            return &stored->rows[i];
    return NULL;
}

static bool is_recorded(const struct record_hash *rows, size_t count, const char *component)
{
    for (size_t i = 0; i < count; i++)
        if (text_equal(rows[i].component, component))
            return true;
    return false;
}

static void add_row(struct picture_hashes *hashes, const char *component, const struct record_hash *record,
                    const struct stored_hash *stored)
{
    struct picture_hash *row = &hashes->rows[hashes->count++];
    row->component = memory_text(component);
    row->image = memory_text(record != NULL ? record->image : "");
    if (record != NULL)
        memcpy(row->hash, record->hash, DIGEST_SIZE);
    if (stored == NULL)
        return;
    row->stored_image = memory_text(stored->image);
    row->stored_hash = memory_text(stored->hash);
    row->wrong = record != NULL && stored->hash != NULL && !text_equal(stored->hash, record->hash);
}

void stored_hashes_picture(int revision, const char *prefix, const struct stored_hashes *stored,
                           const struct record_hash *rows, size_t count, struct picture_hashes *ret_hashes)
{
    size_t stored_count = stored != NULL ? stored->count : 0;
    struct picture_hashes hashes = {
        .revision = revision,
        .configmap = stored_hashes_name(prefix, revision),
        .resource_version = stored != NULL ? memory_text(stored->resource_version) : NULL,
        .uid = stored != NULL ? memory_text(stored->uid) : NULL,
        .rows = memory_new_array(count + stored_count, sizeof *hashes.rows),
    };
    for (size_t i = 0; i < count; i++)
        add_row(&hashes, rows[i].component, &rows[i], find_stored(stored, rows[i].component));
    for (size_t i = 0; i < stored_count; i++)
        if (!is_recorded(rows, count, stored->rows[i].component))
            add_row(&hashes, stored->rows[i].component, NULL, &stored->rows[i]);
    *ret_hashes = hashes;
}

void stored_hashes_release(struct picture_hashes *hashes)
{
    for (size_t i = 0; i < hashes->count; i++) {
        free(hashes->rows[i].component);
        free(hashes->rows[i].image);
        free(hashes->rows[i].stored_image);
        free(hashes->rows[i].stored_hash);
    }
    free(hashes->rows);
    free(hashes->configmap);
    free(hashes->resource_version);
    free(hashes->uid);
    *hashes = (struct picture_hashes){0};
}

json_t *stored_hashes_config_map(const char *namespace, const struct picture_hashes *hashes)
{
    json_t *data = json_object();
    for (size_t i = 0; i < hashes->count; i++) {
        const struct picture_hash *row = &hashes->rows[i];
        if (row->hash[0] == '\0')
            continue;
        CLEANUP_FREE char *hash_key = memory_format("%s-hash", row->component);
        CLEANUP_FREE char *image_key = memory_format("%s-config", row->component);
        json_object_set_new(data, hash_key, json_string(row->hash));
        json_object_set_new(data, image_key, json_string(row->image));
    }
    json_t *metadata = json_pack("{s:s, s:s}", "name", hashes->configmap, "namespace", namespace);
    if (hashes->resource_version != NULL)
        json_object_set_new(metadata, "resourceVersion", json_string(hashes->resource_version));
    return json_pack("{s:s, s:s, s:o, s:o}", "apiVersion", "v1", "kind", "ConfigMap", "metadata", metadata, "data", data);
}
