/* The entries of managedFields as a list that can be worked on; only managed.c and apply.c use it. */
#pragma once

#include "base/array.h"
#include "simulator/managed.h"

struct managed_entry {
    char *manager, *api_version, *subresource, *time; /* subresource "" for the main resource; time may be NULL */
    bool applied;
    json_t *fields; /* a set as in fields.h */
};

void managed_decode(const json_t *list,
                    struct array *ret_entries); /* an invalid list gives no entries, as on the real server */
json_t *managed_encode(struct array *entries);  /* sorted; NULL when there are none */

/* The entry of this manager; an Apply entry is the same whatever its version. NULL when there is none. */
struct managed_entry *managed_find(const struct array *entries, const char *manager, bool applied,
                                   const char *api_version, const char *subresource);
struct managed_entry *managed_add(struct array *entries, const char *manager, bool applied, const char *api_version,
                                  const char *subresource);
void managed_set_fields(struct managed_entry *entry, json_t *fields); /* takes over `fields` */
void managed_stamp(struct managed_entry *entry, int64_t now_ms);

/* The fields that nobody owns: names, versions and what the server itself writes. Owned by the caller. */
json_t *managed_stripped(const json_t *fields);

/* Fields that a write cannot reach are never recorded: the status through the main resource, all else through the
 * status. */
json_t *managed_reachable(const struct write_kind *kind, const char *subresource, const json_t *fields);

/* What differs, seen through the version of `entry`; false when that version is no longer known. Release the
 * comparison. */
struct typed_comparison;
bool managed_compare(const struct write_kind *kind, const json_t *old, const json_t *changed, const char *api_version,
                     const char *subresource, struct typed_comparison *ret_comparison);

/* Take what a write changed from every entry but `self` (which may be NULL). Entries left empty are removed. */
void managed_take(const struct write_kind *kind, struct array *entries, const struct managed_entry *self,
                  const json_t *old, const json_t *changed, const char *subresource);
