/* What the files of the registry share; nobody else includes this. */
#pragma once

#include "simulator/registry.h"

struct registry {
    const struct clock *clock;
    struct resources *resources;
    struct store *store;
    registry_admit admit;
    void *admit_context;
    bool unsettled; /* something was deleted, or is being deleted: registry_step() has to look */
};

json_t *registry_live(const struct registry *registry, const struct registry_call *call); /* borrowed, or NULL */
json_t *registry_shown(const struct registry_call *call, json_t *object); /* through call->version; a new reference */
bool registry_allowed(const struct registry *registry, const struct registry_call *call, const char *operation,
                      const json_t *object, struct refusal *refusal);

/* Store a changed object, or take it away when it was being deleted and nothing holds it any more. Takes over `object`;
 * the result is borrowed. */
json_t *registry_keep(struct registry *registry, const struct resource *resource, json_t *object);
void registry_take_away(struct registry *registry, const struct resource *resource, const json_t *object);

json_t *registry_editable(const json_t *object);       /* a copy whose metadata can be changed; the caller's */
json_t *registry_now(const struct registry *registry); /* the time as objects hold it; the caller's */
bool registry_has_finalizer(const json_t *object, const char *finalizer);
void registry_drop_finalizer(json_t *object, const char *finalizer);

/* garbage.c */
void garbage_collect(struct registry *registry);
void garbage_end_namespaces(struct registry *registry);
void garbage_end_definitions(struct registry *registry);
