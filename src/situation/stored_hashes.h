/* The ConfigMaps "<prefix>-r<REVISION>" that keep each component's hash, as the source document's script writes them:
 * keys `<component>-hash` and
 * `<component>-config` (the image reference). A stored hash that is not what the record says is wrong: the record
 * counts. */
#pragma once

#include "situation/fingerprint.h"
#include "situation/situation.h"
#include <jansson.h>
#include <stdbool.h>

/* The prefix: the playbook's setting `hash_configmap`, else "<release>-component-hashes". Owned by the caller. */
char *stored_hashes_prefix(const struct playbook *playbook, const char *release);
char *stored_hashes_name(const char *prefix, int revision);
bool stored_hashes_revision(const char *prefix, const char *name,
                            int *ret_revision); /* false: the name is not of this kind */

/* What is kept of such a ConfigMap; owns its texts. */
struct stored_hash {
    char *component;
    char *image; /* NULL: not stored */
    char *hash;  /* NULL: not stored */
};
struct stored_hashes {
    char *uid;
    char *resource_version;
    struct stored_hash *rows;
    size_t count;
};
struct stored_hashes *stored_hashes_make(const json_t *object);
void stored_hashes_free(struct stored_hashes *stored);

/* One component's image at one revision, from its record. */
struct record_hash {
    char *component;
    char *image;            /* "" when the revision has none */
    char hash[DIGEST_SIZE]; /* "" when the revision lacks the component */
};
void record_hashes_make(const struct playbook *playbook, const struct helm_record *record,
                        struct record_hash **ret_rows, size_t *ret_count);
void record_hashes_free(struct record_hash *rows, size_t count);

/* Both side by side; `stored` may be NULL, `count` 0. */
void stored_hashes_picture(int revision, const char *prefix, const struct stored_hashes *stored,
                           const struct record_hash *rows, size_t count, struct picture_hashes *ret_hashes);
void stored_hashes_release(struct picture_hashes *hashes);

/* The ConfigMap that says what the record says, with the resourceVersion that was read when it replaces one: ready to be written; a new tree. */
json_t *stored_hashes_config_map(const char *namespace, const struct picture_hashes *hashes);
