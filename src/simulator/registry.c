#include "simulator/registry.h"
#include "base/clock.h"
#include "base/memory.h"
#include "base/text.h"
#include "base/tree.h"
#include "simulator/certificate.h"
#include "simulator/definition.h"
#include "simulator/kind.h"
#include "simulator/registry_core.h"
#include "simulator/scale.h"
#include "simulator/uid.h"
#include <stdlib.h>
#include <string.h>

static void note_change(void *context, const struct store_event *event)
{
    struct registry *registry = context;
    if (event->change == STORE_DELETED || tree_get(event->object, "metadata", "deletionTimestamp") != NULL)
        registry->unsettled = true;
}

static void add_namespaces(struct registry *registry)
{
    static const char *const names[] = {"default", "kube-node-lease", "kube-public", "kube-system"};
    struct registry_call call = {.manager = "kube-apiserver"};
    registry_resolve(registry, "v1", "Namespace", &call);
    for (size_t i = 0; i < LENGTH_OF(names); i++) {
        json_t *body = json_pack("{s:{s:s}}", "metadata", "name", names[i]);
        registry_create(registry, &call, body, NULL, NULL);
        json_decref(body);
    }
}

struct registry *registry_new(const struct clock *clock, size_t history)
{
    struct registry *registry = memory_new(sizeof *registry);
    registry->clock = clock;
    registry->resources = resources_new();
    registry->store = store_new(history);
    store_subscribe(registry->store, note_change, registry);
    add_namespaces(registry);
    return registry;
}

void registry_free(struct registry *registry)
{
    if (registry == NULL)
        return;
    store_free(registry->store);
    resources_free(registry->resources);
    free(registry);
}

void registry_set_admission(struct registry *registry, registry_admit admit, void *context)
{
    registry->admit = admit;
    registry->admit_context = context;
}

struct resources *registry_resources(const struct registry *registry)
{
    return registry->resources;
}

struct store *registry_store(const struct registry *registry)
{
    return registry->store;
}

const struct clock *registry_clock(const struct registry *registry)
{
    return registry->clock;
}

void registry_set_clock(struct registry *registry, const struct clock *clock)
{
    registry->clock = clock;
}

bool registry_resolve(const struct registry *registry, const char *api_version, const char *kind,
                      struct registry_call *call)
{
    const struct resource *resource = resources_find_manifest(registry->resources, api_version, kind);
    if (resource == NULL)
        return false;
    const char *slash = strchr(api_version, '/');
    call->resource = resource;
    call->version = resource_version(resource, slash != NULL ? slash + 1 : api_version)->name;
    return true;
}

static const char *version_of(const struct registry_call *call)
{
    return call->version != NULL ? call->version : resource_storage(call->resource);
}

json_t *registry_live(const struct registry *registry, const struct registry_call *call)
{
    return store_get(registry->store, call->resource, call->namespace, call->name);
}

bool registry_readable(const struct resource *resource, const json_t *object, struct refusal *refusal)
{
    const char *api_version = tree_text(object, "apiVersion");
    const char *slash = resource->crd != NULL && api_version != NULL ? strchr(api_version, '/') : NULL;
    return slash == NULL || resource_version(resource, slash + 1) != NULL ||
           refusal_set(refusal, 500, "", "request to convert CR from an invalid group/version: %s", api_version);
}

/* Custom resources are kept in the version that stores at the moment; takes over `object`. */
static json_t *stored_form(const struct resource *resource, json_t *object)
{
    if (resource->crd == NULL)
        return object;
    const char *version = resource_storage(resource);
    struct write_kind kind = resource_write_kind(resource, version);
    json_t *stored = kind_convert(&kind, object, version);
    json_decref(object);
    return stored;
}

json_t *registry_shown(const struct registry_call *call, json_t *object)
{
    if (text_equal(call->subresource, "scale"))
        return scale_of(call->resource, version_of(call), object);
    if (call->resource->crd == NULL)
        return json_incref(object);
    struct write_kind kind = resource_write_kind(call->resource, version_of(call));
    return kind_convert(&kind, object, version_of(call));
}

json_t *registry_editable(const json_t *object)
{
    json_t *copy = json_copy((json_t *)object);
    json_object_set_new(copy, "metadata", json_deep_copy(json_object_get(object, "metadata")));
    return copy;
}

json_t *registry_now(const struct registry *registry)
{
    char time[32];
    int64_t now = clock_wall_ms(registry->clock);
    clock_format(now - now % 1000, time, sizeof time);
    return json_string(time);
}

bool registry_allowed(const struct registry *registry, const struct registry_call *call, const char *operation,
                      const json_t *object, struct refusal *refusal)
{
    return registry->admit == NULL || call->user == NULL ||
           registry->admit(registry->admit_context, call, operation, object, refusal);
}

static bool refuse_missing(const struct registry_call *call, struct refusal *refusal)
{
    return refusal_not_found(refusal, call->resource->group, call->resource->plural, call->name);
}

bool registry_get(struct registry *registry, const struct registry_call *call, json_t **ret_object,
                  struct refusal *refusal)
{
    json_t *live = registry_live(registry, call);
    if (live == NULL)
        return refuse_missing(call, refusal);
    if (!registry_readable(call->resource, live, refusal))
        return false;
    *ret_object = registry_shown(call, live);
    return true;
}

static struct write_options options_of(const struct registry *registry, const struct registry_call *call)
{
    return (struct write_options){
        .version = version_of(call),
        /* Approving a signing request writes what stands in its status. */
        .subresource = text_equal(call->subresource, "approval") ? "status" : call->subresource,
        .manager = call->manager != NULL ? call->manager : "kube-controller-manager",
        .force = call->force,
        .validation = call->validation,
        .now_ms = clock_wall_ms(registry->clock),
    };
}

/* Objects are made in namespaces that are there and stay. */
static bool check_namespace(const struct registry *registry, const struct registry_call *call, const char *name,
                            struct refusal *refusal)
{
    if (!call->resource->namespaced)
        return true;
    const struct resource *namespaces = resources_find(registry->resources, "", "namespaces");
    const json_t *namespace = store_get(registry->store, namespaces, NULL, call->namespace);
    if (namespace == NULL)
        return refusal_not_found(refusal, "", "namespaces", call->namespace);
    if (tree_get(namespace, "metadata", "deletionTimestamp") == NULL)
        return true;
    CLEANUP_FREE char *why =
        memory_format("unable to create new content in namespace %s because it is being terminated", call->namespace);
    refusal_forbidden(refusal, call->resource->group, call->resource->plural, name, why);
    if (refusal != NULL)
        json_object_set_new(refusal->details, "causes",
                            json_pack("[{s:s, s:s, s:s}]", "reason", "NamespaceTerminating", "message",
                                      "namespace is being terminated", "field", "metadata.namespace"));
    return false;
}

static const char *namespace_of(const struct registry_call *call)
{
    return call->resource->namespaced && call->namespace != NULL ? call->namespace : "";
}

static bool check_body_namespace(const struct registry_call *call, const json_t *body, struct refusal *refusal)
{
    const char *given = tree_text(body, "metadata", "namespace");
    return given == NULL || given[0] == '\0' || strcmp(given, namespace_of(call)) == 0 ||
           refusal_bad_request(refusal,
                               "the namespace of the provided object does not match the namespace sent on the request");
}

static const char *go_name(const json_t *value)
{
    return json_is_string(value)    ? "string"
           : json_is_boolean(value) ? "bool"
           : json_is_array(value)   ? "array"
           : json_is_object(value)  ? "object"
                                    : "number";
}

/* Names are read before anything else is: here they have to be texts. */
static bool check_name_types(const struct registry_call *call, const json_t *body, struct refusal *refusal)
{
    static const char *const names[] = {"name", "namespace", "generateName"};
    const char *kind = call->resource->kind;
    const json_t *metadata = json_object_get(body, "metadata");
    if (metadata != NULL && !json_is_object(metadata) && !json_is_null(metadata))
        return refusal_bad_request(refusal,
                                   "%s in version \"%s\" cannot be handled as a %s: json: cannot unmarshal %s into Go "
                                   "struct field %s.metadata of type v1.ObjectMeta",
                                   kind, version_of(call), kind, go_name(metadata), kind);
    for (size_t i = 0; i < LENGTH_OF(names); i++) {
        const json_t *name = json_object_get(metadata, names[i]);
        if (name != NULL && !json_is_string(name) && !json_is_null(name))
            return refusal_bad_request(refusal,
                                       "%s in version \"%s\" cannot be handled as a %s: json: cannot unmarshal %s into "
                                       "Go struct field ObjectMeta.metadata.%s of type string",
                                       kind, version_of(call), kind, go_name(name), names[i]);
    }
    return true;
}

/* The body with name and namespace filled in as the URL and generateName have them; the caller's. */
static bool name_body(const struct registry_call *call, const json_t *body, json_t **ret_body, struct refusal *refusal)
{
    const char *wanted = namespace_of(call);
    if (!check_name_types(call, body, refusal) || !check_body_namespace(call, body, refusal))
        return false;
    const json_t *old = json_object_get(body, "metadata");
    json_t *metadata = json_is_object(old) ? json_copy((json_t *)old) : json_object();
    if (wanted[0] != '\0')
        json_object_set_new(metadata, "namespace", json_string(wanted));
    const char *name = tree_text(metadata, "name");
    const char *prefix = tree_text(metadata, "generateName");
    if ((name == NULL || name[0] == '\0') && call->name != NULL)
        json_object_set_new(metadata, "name", json_string(call->name));
    else if ((name == NULL || name[0] == '\0') && prefix != NULL && prefix[0] != '\0')
        json_object_set_new(metadata, "name", uid_generate_name(prefix));
    *ret_body = json_copy((json_t *)body);
    json_object_set_new(*ret_body, "metadata", metadata);
    return true;
}

static bool is_signing_request(const struct resource *resource)
{
    return resource->crd == NULL && text_equal(resource->plural, "certificatesigningrequests");
}

/* A signing request says who made it: in the server's words, whatever the body claims. */
static bool sign_request(const struct registry_call *call, json_t *object, struct refusal *refusal)
{
    if (!is_signing_request(call->resource))
        return true;
    if (!certificate_is_request(tree_text(object, "spec", "request"))) {
        json_t *causes = json_array();
        refusal_add_cause(causes, "FieldValueInvalid", "spec.request",
                          "Invalid value: PEM block type must be CERTIFICATE REQUEST");
        refusal_invalid(refusal, call->resource->group, call->resource->kind, tree_text(object, "metadata", "name"),
                        causes);
        json_decref(causes);
        return false;
    }
    json_t *spec = json_object_get(object, "spec");
    json_object_del(spec, "uid");
    json_object_del(spec, "extra");
    json_object_set_new(spec, "username", json_string(call->user != NULL ? call->user : "system:apiserver"));
    json_object_set_new(spec, "groups", call->groups != NULL ? json_deep_copy(call->groups) : json_array());
    return true;
}

/* What definitions need beside what every object gets. */
static bool complete(const struct registry *registry, const struct resource *resource, json_t *object,
                     struct refusal *refusal)
{
    if (!definition_is(resource))
        return true;
    if (!definition_check(object, refusal))
        return false;
    json_t *now = registry_now(registry);
    definition_complete(object, now);
    json_decref(now);
    return true;
}

/* The last part of a create: `object` (taken over) has been made by write_create() or by an apply. */
static bool store_new_object(struct registry *registry, const struct registry_call *call, json_t *object,
                             json_t **ret_object, struct refusal *refusal)
{
    const struct resource *resource = call->resource;
    const char *name = tree_text(object, "metadata", "name");
    if (!sign_request(call, object, refusal) || !complete(registry, resource, object, refusal)) {
        json_decref(object);
        return false;
    }
    json_object_set_new(json_object_get(object, "metadata"), "uid", uid_new());
    object = stored_form(resource, object);
    name = tree_text(object, "metadata", "name");
    bool good = registry_allowed(registry, call, "CREATE", object, refusal);
    if (good && store_get(registry->store, resource, call->namespace, name) != NULL)
        good = refusal_already_exists(refusal, resource->group, resource->plural, name);
    if (!good) {
        json_decref(object);
        return false;
    }
    json_incref(object);
    if (!call->dry_run)
        registry_keep(registry, resource, object);
    else
        json_decref(object);
    if (ret_object != NULL)
        *ret_object = registry_shown(call, object);
    json_decref(object);
    return true;
}

bool registry_create(struct registry *registry, const struct registry_call *call, const json_t *body,
                     json_t **ret_object, struct refusal *refusal)
{
    json_t *named = NULL;
    if (!json_is_object(body))
        return refusal_bad_request(refusal, "the object provided is unrecognized (must be of type %s)",
                                   call->resource->kind);
    if (!name_body(call, body, &named, refusal))
        return false;
    struct write_kind kind = resource_write_kind(call->resource, version_of(call));
    struct write_options options = options_of(registry, call);
    json_t *object = NULL;
    const char *name = tree_text(named, "metadata", "name");
    bool good = check_namespace(registry, call, name, refusal) &&
                write_create(&kind, named, &options, &object, call->warnings, refusal) &&
                store_new_object(registry, call, object, ret_object, refusal);
    json_decref(named);
    return good;
}

/* The last part of a change: `object` (taken over) is what write_update() or a patch made of `live`. */
static bool store_changed_object(struct registry *registry, const struct registry_call *call, json_t *live,
                                 json_t *object, json_t **ret_object, struct refusal *refusal)
{
    if (!complete(registry, call->resource, object, refusal)) {
        json_decref(object);
        return false;
    }
    object = stored_form(call->resource, object);
    if (is_signing_request(call->resource))
        json_object_set(object, "spec", json_object_get(live, "spec")); /* what was signed stays as it was */
    if (!registry_allowed(registry, call, "UPDATE", object, refusal)) {
        json_decref(object);
        return false;
    }
    json_incref(object);
    json_t *now = object;
    if (!call->dry_run && !write_same(live, object))
        registry_keep(registry, call->resource, object);
    else {
        json_decref(object);
        now = call->dry_run ? object : live;
    }
    if (ret_object != NULL)
        *ret_object = registry_shown(call, now);
    json_decref(object);
    return true;
}

static bool update_missing(struct registry *registry, const struct registry_call *call, const json_t *body,
                           json_t **ret_object, bool *ret_created, struct refusal *refusal)
{
    const char *name = tree_text(body, "metadata", "name");
    if (name != NULL && name[0] != '\0' && strcmp(name, call->name) != 0)
        return refusal_bad_request(refusal, "the name of the object (%s) does not match the name on the URL (%s)", name,
                                   call->name);
    if (!call->resource->put_creates || call->subresource != NULL)
        return refuse_missing(call, refusal);
    if (!registry_create(registry, call, body, ret_object, refusal))
        return false;
    if (ret_created != NULL)
        *ret_created = true;
    return true;
}

static bool check_conditional(const struct registry_call *call, const json_t *body, struct refusal *refusal)
{
    const struct resource *resource = call->resource;
    const char *version = tree_text(body, "metadata", "resourceVersion");
    bool scale = text_equal(call->subresource, "scale");
    if (!resource->conditional || scale || (version != NULL && version[0] != '\0' && strcmp(version, "0") != 0))
        return true;
    json_t *causes = json_array();
    refusal_add_cause(causes, "FieldValueInvalid", "metadata.resourceVersion",
                      "Invalid value: 0: must be specified for an update");
    refusal_invalid(refusal, resource->group, resource->plural, call->name, causes);
    json_decref(causes);
    return false;
}

bool registry_update(struct registry *registry, const struct registry_call *call, const json_t *body,
                     json_t **ret_object, bool *ret_created, struct refusal *refusal)
{
    if (ret_created != NULL)
        *ret_created = false;
    json_t *live = registry_live(registry, call);
    if (!check_name_types(call, body, refusal) || !check_body_namespace(call, body, refusal))
        return false;
    if (live == NULL)
        return update_missing(registry, call, body, ret_object, ret_created, refusal);
    if (!registry_readable(call->resource, live, refusal) || !check_conditional(call, body, refusal))
        return false;
    struct write_kind kind = resource_write_kind(call->resource, version_of(call));
    struct write_options options = options_of(registry, call);
    json_t *object = NULL;
    bool good = text_equal(call->subresource, "scale")
                    ? scale_write(call->resource, live, body, &options, &object, refusal)
                    : write_update(&kind, live, body, &options, &object, call->warnings, refusal);
    return good && store_changed_object(registry, call, live, object, ret_object, refusal);
}

/* Patch the Scale that a client sees, then write its replicas. */
static bool patch_scale(const struct registry_call *call, json_t *live, enum patch_type type, const json_t *patch,
                        const struct write_options *options, json_t **ret_object, struct refusal *refusal)
{
    json_t *scale = scale_of(call->resource, options->version, live);
    json_t *patched = NULL;
    if (scale == NULL)
        return refuse_missing(call, refusal);
    bool good =
        type == PATCH_JSON ? patch_json(scale, patch, &patched, refusal) : patch_merge(scale, patch, &patched, refusal);
    good = good && scale_write(call->resource, live, patched, options, ret_object, refusal);
    json_decref(scale);
    json_decref(patched);
    return good;
}

bool registry_patch(struct registry *registry, const struct registry_call *call, enum patch_type type,
                    const json_t *patch, json_t **ret_object, bool *ret_created, struct refusal *refusal)
{
    if (ret_created != NULL)
        *ret_created = false;
    json_t *live = registry_live(registry, call);
    if (live == NULL && (type != PATCH_APPLY || call->subresource != NULL))
        return refuse_missing(call, refusal);
    if (live == NULL ? !check_namespace(registry, call, call->name, refusal)
                     : !registry_readable(call->resource, live, refusal))
        return false;
    struct write_kind kind = resource_write_kind(call->resource, version_of(call));
    struct write_options options = options_of(registry, call);
    json_t *object = NULL;
    bool good = text_equal(call->subresource, "scale")
                    ? patch_scale(call, live, type, patch, &options, &object, refusal)
                    : write_patch(&kind, live, type, patch, call->namespace, call->name, &options, &object,
                                  call->warnings, refusal);
    if (!good)
        return false;
    if (live != NULL)
        return store_changed_object(registry, call, live, object, ret_object, refusal);
    if (!store_new_object(registry, call, object, ret_object, refusal))
        return false;
    if (ret_created != NULL)
        *ret_created = true;
    return true;
}

bool registry_step(struct registry *registry)
{
    if (!registry->unsettled)
        return false;
    registry->unsettled = false;
    garbage_collect(registry);
    garbage_end_namespaces(registry);
    garbage_end_definitions(registry);
    return registry->unsettled;
}
