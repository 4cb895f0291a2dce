#include "simulator/write.h"
#include "base/clock.h"
#include "base/memory.h"
#include "base/text.h"
#include "base/tree.h"
#include "simulator/api_types.h"
#include "simulator/defaults.h"
#include "simulator/managed.h"
#include "simulator/scale.h"
#include "simulator/schema.h"
#include "simulator/validate.h"
#include "simulator/write_check.h"
#include <stdlib.h>
#include <string.h>

static void write_release(struct write *write)
{
    json_decref(write->live);
    json_decref(write->object);
}

static struct managed_writer writer_of(const struct write_options *options)
{
    return (struct managed_writer){.manager = options->manager != NULL && options->manager[0] != '\0' ? options->manager
                                                                                                      : "unknown",
                                   .version = options->version,
                                   .subresource = options->subresource,
                                   .force = options->force,
                                   .now_ms = options->now_ms};
}

static const char *version_of_object(const json_t *object)
{
    const char *api_version = tree_text(object, "apiVersion");
    const char *slash = api_version != NULL ? strrchr(api_version, '/') : NULL;
    return slash != NULL ? slash + 1 : api_version != NULL ? api_version : "";
}

/* Built-in kinds have a generation only where somebody observes it. */
static bool has_generation(const struct write_kind *kind)
{
    static const char *const with[] = {"Deployment",
                                       "StatefulSet",
                                       "DaemonSet",
                                       "ReplicaSet",
                                       "Job",
                                       "CronJob",
                                       "Ingress",
                                       "NetworkPolicy",
                                       "PodDisruptionBudget",
                                       "Pod",
                                       "CustomResourceDefinition",
                                       "MutatingWebhookConfiguration",
                                       "ValidatingWebhookConfiguration"};
    for (size_t i = 0; i < LENGTH_OF(with) && kind->crd == NULL; i++)
        if (strcmp(with[i], kind->kind) == 0)
            return true;
    return kind->crd != NULL;
}

static void set_type(struct write *write)
{
    CLEANUP_FREE char *api_version = kind_api_version(write->kind, write->options->version);
    json_object_set_new(write->object, "apiVersion", json_string(api_version));
    json_object_set_new(write->object, "kind", json_string(write->kind->kind));
}

static bool refuse_unknown(const struct write *write, const json_t *unknown)
{
    struct text list = {0};
    size_t index;
    const json_t *path;
    json_array_foreach(unknown, index, path)
    {
        if (write->options->validation == WRITE_STRICT)
            text_append_format(&list, "%sunknown field \"%s\"", index > 0 ? ", " : "", json_string_value(path));
        else if (write->options->validation == WRITE_WARN && write->warnings != NULL) {
            CLEANUP_FREE char *warning = memory_format("unknown field \"%s\"", json_string_value(path));
            json_array_append_new(write->warnings, json_string(warning));
        }
    }
    bool good = list.size == 0;
    if (!good)
        refusal_bad_request(write->refusal, "%s in version \"%s\" cannot be handled as a %s: strict decoding error: %s",
                            write->kind->kind, write->options->version, write->kind->kind, text_peek(&list));
    text_release(&list);
    return good;
}

/* What the Go type of a built-in kind does not have. */
static bool drop_unknown(struct write *write)
{
    const struct api_type *type = api_type_of_kind(write->kind->group, write->kind->kind);
    if (type == NULL)
        return true;
    json_t *unknown = json_array();
    api_type_prune(type, write->object, unknown);
    bool good = refuse_unknown(write, unknown);
    json_decref(unknown);
    return good;
}

/* What reading the body into its type does: drop what the type lacks, refuse what does not fit, fill in defaults. */
static bool decode(struct write *write)
{
    if (write->kind->crd == NULL) {
        CLEANUP_FREE char *why = NULL;
        if (!drop_unknown(write))
            return false;
        defaults_normalise(write->object, write->kind->kind);
        if (!validate_types(write->kind->kind, write->object, &why))
            return refusal_bad_request(write->refusal, "%s in version \"%s\" cannot be handled as a %s: %s",
                                       write->kind->kind, write->options->version, write->kind->kind, why);
        defaults_apply(write->object, write->kind->kind);
        return true;
    }
    const json_t *schema = kind_schema(write->kind, write->options->version);
    if (schema == NULL)
        return true;
    json_t *unknown = json_array();
    schema_prune(schema, write->object, unknown);
    bool good = refuse_unknown(write, unknown);
    json_decref(unknown);
    schema_default(schema, write->object);
    return good;
}

static bool validate(struct write *write)
{
    json_t *causes = json_array();
    const char *kind = write->kind->kind;
    bool status = text_equal(write->options->subresource, "status");
    validate_metadata(write->kind->crd == NULL ? kind : "", write->object, causes);
    if (write->kind->crd != NULL) {
        const json_t *schema = kind_schema(write->kind, write->options->version);
        if (schema != NULL)
            schema_validate(schema, write->object, causes);
        scale_validate(kind_version(write->kind, write->options->version), write->object, causes);
    } else if (!status || strcmp(kind, "CustomResourceDefinition") == 0) {
        if (write->live != NULL)
            validate_update(kind, write->live, write->object, causes);
        validate_object(kind, write->object, causes);
    }
    bool good = json_array_size(causes) == 0;
    if (!good)
        refusal_invalid(write->refusal, write->kind->group, kind, write_name(write->object), causes);
    json_decref(causes);
    return good;
}

/* What a new object's status is before any controller saw it, and what the server itself adds. */
static void first_status(struct write *write)
{
    const char *kind = write->kind->kind;
    if (write->kind->has_status)
        json_object_del(write->object, "status");
    if (!write->kind->has_status || write->kind->crd != NULL)
        return;
    json_t *zero = defaults_zero(kind);
    json_t *status = json_object_get(zero, "status");
    json_object_set_new(write->object, "status", status != NULL ? json_incref(status) : json_object());
    json_decref(zero);
    status = json_object_get(write->object, "status");
    if (strcmp(kind, "Pod") == 0) {
        json_object_set_new(status, "phase", json_string("Pending"));
        json_object_set_new(status, "qosClass",
                            json_string(validate_qos_class(json_object_get(write->object, "spec"))));
    } else if (strcmp(kind, "PersistentVolumeClaim") == 0) {
        json_object_set_new(status, "phase", json_string("Pending"));
    } else if (strcmp(kind, "Namespace") == 0) {
        json_object_set_new(status, "phase", json_string("Active"));
    }
}

static void first_metadata(struct write *write)
{
    static const char *const server_only[] = {"resourceVersion", "selfLink", "deletionTimestamp",
                                              "deletionGracePeriodSeconds", "generation"};
    json_t *meta = write_metadata(write->object);
    for (size_t i = 0; i < LENGTH_OF(server_only); i++)
        json_object_del(meta, server_only[i]);
    char time[32];
    clock_format(write->options->now_ms - write->options->now_ms % 1000, time, sizeof(time));
    json_object_set_new(meta, "creationTimestamp", json_string(time));
    if (has_generation(write->kind))
        json_object_set_new(meta, "generation", json_integer(1));
}

/* A Service's address: always the same for the same name, in the range that the real test cluster has too. */
static void give_address(json_t *object)
{
    json_t *spec = json_object_get(object, "spec");
    const char *type = tree_text(spec, "type"), *address = tree_text(spec, "clusterIP");
    if (text_equal(type, "ExternalName"))
        return;
    uint32_t hash = 2166136261u;
    const char *parts[] = {tree_text(object, "metadata", "namespace"), write_name(object)};
    for (size_t part = 0; part < LENGTH_OF(parts); part++)
        for (const char *at = parts[part] != NULL ? parts[part] : ""; *at != '\0'; at++)
            hash = (hash ^ (unsigned char)*at) * 16777619u;
    CLEANUP_FREE char *made = memory_format("10.96.%u.%u", (hash >> 8) % 254 + 1, hash % 254 + 1);
    if (address == NULL || address[0] == '\0')
        json_object_set_new(spec, "clusterIP", json_string(made));
    if (json_object_get(spec, "clusterIPs") == NULL)
        json_object_set_new(spec, "clusterIPs", json_pack("[O]", json_object_get(spec, "clusterIP")));
    if (json_object_get(spec, "ipFamilies") == NULL)
        json_object_set_new(spec, "ipFamilies", json_pack("[s]", "IPv4"));
    if (json_object_get(spec, "ipFamilyPolicy") == NULL)
        json_object_set_new(spec, "ipFamilyPolicy", json_string("SingleStack"));
}

static bool finish_create(struct write *write)
{
    first_status(write);
    first_metadata(write);
    if (write->kind->crd == NULL)
        defaults_admit(write->object, write->kind->kind);
    if (strcmp(write->kind->kind, "Service") == 0 && write->kind->crd == NULL)
        give_address(write->object);
    return validate(write);
}

bool write_create(const struct write_kind *kind, const json_t *body, const struct write_options *options,
                  json_t **ret_object, json_t *warnings, struct refusal *refusal)
{
    struct write write = {.kind = kind, .options = options, .warnings = warnings, .refusal = refusal};
    if (!write_check_type(&write, body))
        return false;
    write.object = json_deep_copy(body);
    set_type(&write);
    write_metadata(write.object);
    bool good = decode(&write);
    if (good) {
        struct managed_writer writer = writer_of(options);
        managed_update(kind, NULL, write.object, &writer);
        good = finish_create(&write);
    }
    if (good)
        *ret_object = json_incref(write.object);
    write_release(&write);
    return good;
}

/* Take a field from the live object, present or not. The value is shared: nothing changes it from here on. */
static void keep(json_t *object, const json_t *live, const char *key)
{
    json_t *value = json_object_get(live, key);
    if (value != NULL)
        json_object_set(object, key, value);
    else
        json_object_del(object, key);
}

static void keep_metadata(struct write *write)
{
    static const char *const server_only[] = {"uid",        "creationTimestamp", "resourceVersion",
                                              "generation", "deletionTimestamp", "deletionGracePeriodSeconds",
                                              "selfLink",   "generateName"};
    json_t *meta = write_metadata(write->object);
    for (size_t i = 0; i < LENGTH_OF(server_only); i++)
        keep(meta, json_object_get(write->live, "metadata"), server_only[i]);
}

/* A copy whose members are shared, but for its metadata. The caller's. */
static json_t *with_own_metadata(const json_t *object)
{
    json_t *copy = json_copy((json_t *)object);
    json_object_set_new(copy, "metadata", json_copy(json_object_get(object, "metadata")));
    return copy;
}

/* The status is written through its subresource only, and nothing else through that. */
static void keep_other_half(struct write *write)
{
    if (!write->kind->has_status)
        return;
    if (!text_equal(write->options->subresource, "status")) {
        keep(write->object, write->live, "status");
        return;
    }
    json_t *merged = with_own_metadata(write->live);
    keep(merged, write->object, "status");
    if (write->kind->crd == NULL) /* controllers of built-in kinds annotate through the status */
        keep(write_metadata(merged), json_object_get(write->object, "metadata"), "annotations");
    json_t *sent = tree_get(write->object, "metadata", "managedFields");
    if (sent != NULL)
        json_object_set(write_metadata(merged), "managedFields", sent);
    json_decref(write->object);
    write->object = merged;
}

/* What controllers of the real server fill in and clients leave out when they PUT. */
static void keep_assigned(struct write *write)
{
    static const char *const assigned[] = {"clusterIP", "clusterIPs", "ipFamilies", "ipFamilyPolicy"};
    json_t *spec = json_object_get(write->object, "spec");
    const json_t *live = json_object_get(write->live, "spec");
    if (write->kind->crd != NULL || spec == NULL)
        return;
    if (strcmp(write->kind->kind, "Service") == 0 && !text_equal(tree_text(spec, "type"), "ExternalName")) {
        for (size_t i = 0; i < LENGTH_OF(assigned); i++)
            if (json_object_get(spec, assigned[i]) == NULL && json_object_get(live, assigned[i]) != NULL)
                keep(spec, live, assigned[i]);
    } else if (strcmp(write->kind->kind, "Pod") == 0 && json_object_get(spec, "nodeName") == NULL) {
        keep(spec, live, "nodeName");
    } else if (strcmp(write->kind->kind, "DaemonSet") == 0) {
        keep(tree_get(write->object, "metadata", "annotations"), tree_get(write->live, "metadata", "annotations"),
             DEFAULTS_TEMPLATE_GENERATION);
    }
}

static bool counts_as_change(const struct write *write)
{
    /* A Deployment's annotations count: its controller hands them on to ReplicaSets. */
    if (write->kind->crd == NULL && strcmp(write->kind->kind, "Deployment") == 0 &&
        !tree_equal(tree_get(write->live, "metadata", "annotations"),
                    tree_get(write->object, "metadata", "annotations")))
        return true;
    json_t *a = json_deep_copy(write->live), *b = json_deep_copy(write->object);
    json_object_del(a, "metadata");
    json_object_del(b, "metadata");
    if (write->kind->has_status) {
        json_object_del(a, "status");
        json_object_del(b, "status");
    }
    bool differs = !tree_equal(a, b);
    json_decref(a);
    json_decref(b);
    return differs;
}

static void count_generation(struct write *write)
{
    bool status = text_equal(write->options->subresource, "status");
    if (status || !has_generation(write->kind) || !counts_as_change(write))
        return;
    json_int_t before = json_integer_value(tree_get(write->live, "metadata", "generation"));
    json_object_set_new(write_metadata(write->object), "generation", json_integer(before + 1));
}

/* The stored object as the request's version has it; it is only read. */
static json_t *live_as(const struct write_kind *kind, const json_t *live, const char *version)
{
    return kind->crd == NULL ? json_incref((json_t *)live) : kind_convert(kind, live, version);
}

/* From the client's object (write->object) to what is stored. An apply has its managedFields already. */
static bool finish_update(struct write *write, bool put, bool applied, const json_t *stored, json_t **ret_object)
{
    if (!write_check_names(write) || !write_check_uid(write, put) || !write_check_version(write, put))
        return false;
    set_type(write);
    if (!decode(write))
        return false;
    keep_metadata(write);
    keep_other_half(write);
    if (!text_equal(write->options->subresource, "status"))
        keep_assigned(write);
    if (!validate(write))
        return false;
    if (!applied) {
        struct managed_writer writer = writer_of(write->options);
        managed_update(write->kind, write->live, write->object, &writer);
    }
    count_generation(write);
    if (write_same(write->live, write->object)) {
        json_t *back = live_as(write->kind, write->object, version_of_object(stored));
        bool same = write_same(stored, back);
        json_decref(back);
        if (same) {
            *ret_object = with_own_metadata(stored);
            return true;
        }
    }
    *ret_object = json_incref(write->object);
    return true;
}

/* What a write of the status reads of a body: all else is not even looked at. The caller's. */
static json_t *status_part(const json_t *body)
{
    static const char *const parts[] = {"apiVersion", "kind", "metadata", "status"};
    json_t *part = json_object();
    for (size_t i = 0; i < LENGTH_OF(parts); i++) {
        const json_t *value = json_object_get(body, parts[i]);
        if (value != NULL)
            json_object_set_new(part, parts[i], json_deep_copy(value));
    }
    return part;
}

bool write_update(const struct write_kind *kind, const json_t *live, const json_t *body,
                  const struct write_options *options, json_t **ret_object, json_t *warnings, struct refusal *refusal)
{
    struct write write = {.kind = kind, .options = options, .warnings = warnings, .refusal = refusal};
    if (!write_check_type(&write, body))
        return false;
    write.live = live_as(kind, live, options->version);
    write.object =
        text_equal(options->subresource, "status") && kind->has_status ? status_part(body) : json_deep_copy(body);
    bool good = finish_update(&write, true, false, live, ret_object);
    write_release(&write);
    return good;
}

static bool apply_config(struct write *write, const json_t *patch)
{
    const struct write_kind *kind = write->kind;
    CLEANUP_FREE char *api_version = kind_api_version(kind, write->options->version);
    const char *given = tree_text(patch, "apiVersion"), *name = tree_text(patch, "kind");
    if (!text_equal(given, api_version) || !text_equal(name, kind->kind))
        return refusal_bad_request(write->refusal, "invalid object type: %s, Kind=%s", given != NULL ? given : "/",
                                   name != NULL ? name : "");
    if (tree_get(patch, "metadata", "managedFields") != NULL)
        return refusal_bad_request(write->refusal, "metadata.managedFields must be nil");
    const json_t *schema = kind_schema(kind, write->options->version);
    json_t *unknown = json_array(), *config = json_deep_copy(patch);
    if (schema != NULL)
        schema_prune(schema, config, unknown);
    bool good = json_array_size(unknown) == 0;
    if (!good)
        refusal_set(write->refusal, 500, "",
                    "failed to create typed patch object (%s/%s; %s, Kind=%s): .%s: field not declared in schema",
                    tree_text(patch, "metadata", "namespace") != NULL ? tree_text(patch, "metadata", "namespace") : "",
                    write_name(patch), given, name, json_string_value(json_array_get(unknown, 0)));
    struct managed_writer writer = writer_of(write->options);
    good = good && managed_apply(kind, write->live, config, &writer, &write->object, write->refusal);
    json_decref(unknown);
    json_decref(config);
    return good;
}

/* An apply of something that is not there creates it. */
static bool create_by_apply(struct write *write, const json_t *patch, const char *namespace, const char *name,
                            json_t **ret_object)
{
    CLEANUP_FREE char *api_version = kind_api_version(write->kind, write->options->version);
    const char *uid = tree_text(patch, "metadata", "uid");
    if (uid != NULL)
        return refusal_conflict(write->refusal, write->kind->group, write->kind->resource, name,
                                "uid mismatch: the provided object specified uid, and no existing object was found");
    write->live = json_pack("{s:s, s:s, s:{s:s}}", "apiVersion", api_version, "kind", write->kind->kind, "metadata",
                            "name", name);
    if (namespace != NULL)
        json_object_set_new(write_metadata(write->live), "namespace", json_string(namespace));
    if (!apply_config(write, patch) || !write_check_names(write))
        return false;
    json_decref(write->live);
    write->live = NULL;
    set_type(write);
    if (!decode(write) || !finish_create(write))
        return false;
    *ret_object = json_incref(write->object);
    return true;
}

static bool patch_live(struct write *write, enum patch_type type, const json_t *patch)
{
    switch (type) {
    case PATCH_JSON:
        return patch_json(write->live, patch, &write->object, write->refusal);
    case PATCH_MERGE:
        return patch_merge(write->live, patch, &write->object, write->refusal);
    case PATCH_STRATEGIC:
        return patch_strategic(write->live, patch, kind_shape(write->kind, write->options->version), &write->object,
                               write->refusal);
    case PATCH_APPLY:
        break;
    }
    return apply_config(write, patch);
}

bool write_patch(const struct write_kind *kind, const json_t *live, enum patch_type type, const json_t *patch,
                 const char *namespace, const char *name, const struct write_options *options, json_t **ret_object,
                 json_t *warnings, struct refusal *refusal)
{
    struct write write = {.kind = kind, .options = options, .warnings = warnings, .refusal = refusal};
    bool good;
    if (type == PATCH_STRATEGIC && kind->crd != NULL)
        return refusal_set(refusal, 415, "UnsupportedMediaType",
                           "the body of the request was in an unknown format - accepted media types include: "
                           "application/json-patch+json, application/merge-patch+json, application/apply-patch+yaml");
    if (live == NULL) {
        good = create_by_apply(&write, patch, namespace, name, ret_object);
    } else {
        write.live = live_as(kind, live, options->version);
        good = patch_live(&write, type, patch) && write_check_patched_types(&write) &&
               write_check_patched_type(&write) && finish_update(&write, false, type == PATCH_APPLY, live, ret_object);
    }
    write_release(&write);
    return good;
}

bool write_scale(const struct write_kind *kind, const json_t *live, json_int_t replicas,
                 const struct write_options *options, json_t **ret_object, struct refusal *refusal)
{
    json_t *patch = json_pack("{s:{s:I}}", "spec", "replicas", replicas);
    struct write_options scale = *options;
    scale.subresource = "scale";
    bool good = write_patch(kind, live, PATCH_MERGE, patch, NULL, NULL, &scale, ret_object, NULL, refusal);
    json_decref(patch);
    return good;
}

bool write_same(const json_t *live, const json_t *object)
{
    return managed_same(live, object);
}

json_t *write_convert(const struct write_kind *kind, const json_t *object, const char *version)
{
    return kind_convert(kind, object, version);
}

char *write_manager(const char *user_agent)
{
    size_t size = user_agent != NULL ? strcspn(user_agent, "/") : 0;
    return size > 0 ? memory_text_part(user_agent, size) : memory_text("unknown");
}
