/* POST, PUT, PATCH and DELETE: parameters and bodies as the API server reads them, then the registry. */
#include "base/memory.h"
#include "base/text.h"
#include "base/tree.h"
#include "simulator/api_call.h"
#include "simulator/body.h"
#include "simulator/list_options.h"
#include "simulator/rendering.h"
#include <stdlib.h>
#include <string.h>

#define MANAGER_LIMIT 128
#define QUOTE_LIMIT   200 /* of a body that is quoted in a message */

static bool refuse_body(const struct api_call *call, const char *why, struct refusal *refusal)
{
    return refusal_bad_request(refusal,
                               "the object provided is unrecognized (must be of type %s): couldn't get version/kind; "
                               "json parse error: %s (%.*s)",
                               call->resource->kind, why, QUOTE_LIMIT, call->request->body);
}

/* The body of a create or an update: an object of the resource's kind. */
static bool read_object(const struct api_call *call, json_t **ret_object, struct refusal *refusal)
{
    const struct request *request = call->request;
    bool built_in = call->resource->crd == NULL;
    if (!body_is_object_form(request, built_in))
        return refusal_set(refusal, 415, "UnsupportedMediaType",
                           "the body of the request was in an unknown format - accepted media types include: "
                           "application/json, application/yaml%s",
                           built_in ? ", application/vnd.kubernetes.protobuf" : "");
    struct error error = {0};
    json_t *object = NULL;
    if (!body_read(request, false, &object, &error)) {
        refuse_body(call, error.message, refusal);
        error_release(&error);
        return false;
    }
    const char *missing = tree_text(object, "kind") == NULL         ? "Kind"
                          : tree_text(object, "apiVersion") == NULL ? "apiVersion"
                                                                    : NULL;
    bool custom = call->resource->crd != NULL && call->route.subresource == NULL;
    bool good = json_is_object(object);
    if (!good)
        refuse_body(call, "json: cannot unmarshal into Go value of type struct", refusal);
    else if (custom && missing != NULL)
        good = refusal_bad_request(refusal,
                                   "the object provided is unrecognized (must be of type %s): Object '%s' is missing "
                                   "in '%.*s'",
                                   call->resource->kind, missing, QUOTE_LIMIT, request->body);
    if (good)
        *ret_object = object;
    else
        json_decref(object);
    return good;
}

static bool refuse_option(const char *options, const char *reason, const char *field, const char *why,
                          struct refusal *refusal)
{
    json_t *causes = json_array();
    refusal_add_cause(causes, reason, field, "%s", why);
    refusal_invalid(refusal, "meta.k8s.io", options, "", causes);
    json_decref(causes);
    return false;
}

static bool read_dry_run(const struct request *request, const json_t *body, const char *options, bool *ret_dry_run,
                         struct refusal *refusal)
{
    const char *asked = request_query(request, "dryRun");
    if (asked == NULL)
        asked = json_string_value(json_array_get(json_object_get(body, "dryRun"), 0));
    if (asked == NULL || asked[0] == '\0')
        return true;
    *ret_dry_run = true;
    if (strcmp(asked, "All") == 0)
        return true;
    CLEANUP_FREE char *why = memory_format("Unsupported value: [\"%s\"]: supported values: \"All\"", asked);
    return refuse_option(options, "FieldValueNotSupported", "dryRun", why, refusal);
}

static bool read_validation(const struct request *request, const char *options, enum write_validation *ret_validation,
                            struct refusal *refusal)
{
    const char *asked = request_query(request, "fieldValidation");
    static const struct {
        const char *name;
        enum write_validation validation;
    } known[] = {{"", WRITE_WARN}, {"Ignore", WRITE_IGNORE}, {"Strict", WRITE_STRICT}, {"Warn", WRITE_WARN}};
    for (size_t i = 0; i < LENGTH_OF(known); i++) {
        if (strcmp(known[i].name, asked != NULL ? asked : "") != 0)
            continue;
        *ret_validation = known[i].validation;
        return true;
    }
    CLEANUP_FREE char *why =
        memory_format("Unsupported value: \"%s\": supported values: \"\", \"Ignore\", \"Strict\", \"Warn\"", asked);
    return refuse_option(options, "FieldValueNotSupported", "fieldValidation", why, refusal);
}

/* The registry's call with the parameters of a write. *ret_manager is the caller's and must outlive the call. */
static bool read_write(const struct api_call *call, const char *options, struct registry_call *ret_write,
                       char **ret_manager, struct refusal *refusal)
{
    const struct request *request = call->request;
    struct registry_call write = api_registry_call(call);
    const char *manager = request_query(request, "fieldManager");
    const char *agent = request_header(request, "User-Agent");
    if (manager != NULL && strlen(manager) > MANAGER_LIMIT)
        return refuse_option(options, "FieldValueTooLong", "fieldManager", "Too long: may not be more than 128 bytes",
                             refusal);
    if (!read_dry_run(request, NULL, options, &write.dry_run, refusal) ||
        !read_validation(request, options, &write.validation, refusal))
        return false;
    *ret_manager = manager != NULL && manager[0] != '\0' ? memory_text(manager) : write_manager(agent);
    write.manager = *ret_manager;
    write.force = request_flag(request, "force");
    write.warnings = json_array();
    *ret_write = write;
    return true;
}

static void end_write(const struct api_call *call, const struct registry_call *write)
{
    for (size_t i = 0; i < json_array_size(write->warnings); i++)
        response_warn(call->response, json_string_value(json_array_get(write->warnings, i)));
    json_decref(write->warnings);
}

/* Answer with one object, whatever form the client asked for. */
static void answer_object(const struct api_call *call, int status, json_t *object)
{
    struct rendering rendering = {.media = call->media,
                                  .resource = call->resource,
                                  .version = call->route.version,
                                  .include = "Metadata",
                                  .now_ms = api_wall_ms(call)};
    bool scale = text_equal(call->route.subresource, "scale");
    json_t *shown = scale ? json_incref(object) : rendering_object(&rendering, object);
    response_json(call->response, status, shown);
    json_decref(shown);
}

bool change_create(const struct api_call *call, struct refusal *refusal)
{
    struct registry_call write;
    CLEANUP_FREE char *manager = NULL;
    json_t *body = NULL;
    json_t *object = NULL;
    if (!read_write(call, "CreateOptions", &write, &manager, refusal))
        return false;
    bool good =
        read_object(call, &body, refusal) && registry_create(call->api->registry, &write, body, &object, refusal);
    if (good)
        answer_object(call, 201, object);
    end_write(call, &write);
    json_decref(body);
    json_decref(object);
    return good;
}

bool change_update(const struct api_call *call, struct refusal *refusal)
{
    struct registry_call write;
    CLEANUP_FREE char *manager = NULL;
    json_t *body = NULL;
    json_t *object = NULL;
    bool created = false;
    if (!read_write(call, "UpdateOptions", &write, &manager, refusal))
        return false;
    bool good = read_object(call, &body, refusal) &&
                registry_update(call->api->registry, &write, body, &object, &created, refusal);
    if (good)
        answer_object(call, created ? 201 : 200, object);
    end_write(call, &write);
    json_decref(body);
    json_decref(object);
    return good;
}

static bool read_patch_type(const struct api_call *call, enum patch_type *ret_type, struct refusal *refusal)
{
    static const char *const types[] = {
        [PATCH_JSON] = "application/json-patch+json",
        [PATCH_MERGE] = "application/merge-patch+json",
        [PATCH_STRATEGIC] = "application/strategic-merge-patch+json",
        [PATCH_APPLY] = "application/apply-patch+yaml",
    };
    for (size_t i = 0; i < LENGTH_OF(types); i++) {
        if (!body_is(call->request, types[i]))
            continue;
        *ret_type = (enum patch_type)i;
        if (i != PATCH_STRATEGIC || call->resource->crd == NULL)
            return true;
        return refusal_set(refusal, 415, "UnsupportedMediaType",
                           "the body of the request was in an unknown format - accepted media types include: "
                           "application/json-patch+json, application/merge-patch+json, application/apply-patch+yaml");
    }
    refusal_set(refusal, 415, "UnsupportedMediaType", "415: Unsupported Media Type");
    refusal->details = json_object();
    return false;
}

static bool check_patch_options(const struct api_call *call, enum patch_type type, struct refusal *refusal)
{
    const char *manager = request_query(call->request, "fieldManager");
    if (type == PATCH_APPLY && (manager == NULL || manager[0] == '\0'))
        return refuse_option("PatchOptions", "FieldValueRequired", "fieldManager",
                             "Required value: is required for apply patch", refusal);
    if (type != PATCH_APPLY && request_query(call->request, "force") != NULL)
        return refuse_option("PatchOptions", "FieldValueForbidden", "force",
                             "Forbidden: may not be specified for non-apply patch", refusal);
    return true;
}

static bool read_patch(const struct api_call *call, enum patch_type type, json_t **ret_patch, struct refusal *refusal)
{
    struct error error = {0};
    if (body_read(call->request, type == PATCH_APPLY, ret_patch, &error))
        return true;
    refusal_bad_request(refusal, "error decoding %s: %s", type == PATCH_APPLY ? "YAML" : "patch", error.message);
    error_release(&error);
    return false;
}

bool change_patch(const struct api_call *call, struct refusal *refusal)
{
    struct registry_call write;
    enum patch_type type;
    CLEANUP_FREE char *manager = NULL;
    json_t *patch = NULL;
    json_t *object = NULL;
    bool created = false;
    if (!read_patch_type(call, &type, refusal) || !check_patch_options(call, type, refusal) ||
        !read_write(call, "PatchOptions", &write, &manager, refusal))
        return false;
    bool good = read_patch(call, type, &patch, refusal) &&
                registry_patch(call->api->registry, &write, type, patch, &object, &created, refusal);
    if (good)
        answer_object(call, created ? 201 : 200, object);
    end_write(call, &write);
    json_decref(patch);
    json_decref(object);
    return good;
}

/* The DeleteOptions: a body, or none. */
static bool read_delete_body(const struct api_call *call, json_t **ret_body, struct refusal *refusal)
{
    struct error error = {0};
    if (call->request->body_size == 0)
        return true;
    if (!body_read(call->request, false, ret_body, &error)) {
        refusal_set(refusal, 500, "", "couldn't get version/kind; json parse error: %s", error.message);
        error_release(&error);
        return false;
    }
    const char *kind = tree_text(*ret_body, "kind");
    if (json_is_object(*ret_body) && (kind == NULL || kind[0] == '\0' || strcmp(kind, "DeleteOptions") == 0))
        return true;
    return refusal_set(refusal, 500, "", "no kind \"%s\" is registered for version \"%s\"", kind != NULL ? kind : "",
                       tree_text(*ret_body, "apiVersion"));
}

static bool read_propagation(const struct api_call *call, const json_t *body,
                             enum registry_propagation *ret_propagation, struct refusal *refusal)
{
    const char *asked = tree_text(body, "propagationPolicy");
    const json_t *orphan = json_object_get(body, "orphanDependents");
    if (asked == NULL)
        asked = request_query(call->request, "propagationPolicy");
    if (json_is_boolean(orphan) && asked != NULL) {
        CLEANUP_FREE char *why =
            memory_format("Invalid value: \"%s\": orphanDependents and deletionPropagation cannot be both set", asked);
        return refuse_option("DeleteOptions", "FieldValueInvalid", "propagationPolicy", why, refusal);
    }
    if (json_is_boolean(orphan))
        *ret_propagation = json_is_true(orphan) ? REGISTRY_ORPHAN : REGISTRY_BACKGROUND;
    else if (text_equal(asked, "Orphan"))
        *ret_propagation = REGISTRY_ORPHAN;
    else if (text_equal(asked, "Background"))
        *ret_propagation = REGISTRY_BACKGROUND;
    else if (text_equal(asked, "Foreground"))
        *ret_propagation = REGISTRY_FOREGROUND;
    else if (asked != NULL && asked[0] != '\0') {
        CLEANUP_FREE char *why = memory_format("Unsupported value: \"%s\": supported values: \"Foreground\", "
                                               "\"Background\", \"Orphan\", \"nil\"",
                                               asked);
        return refuse_option("DeleteOptions", "FieldValueNotSupported", "propagationPolicy", why, refusal);
    }
    return true;
}

static bool read_delete(const struct api_call *call, const json_t *body, struct registry_call *write,
                        struct registry_delete *options, struct refusal *refusal)
{
    *write = api_registry_call(call);
    *options = (struct registry_delete){
        .uid = tree_text(body, "preconditions", "uid"),
        .resource_version = tree_text(body, "preconditions", "resourceVersion"),
        .grace_s = tree_integer(json_object_get(body, "gracePeriodSeconds"), -1),
    };
    if (!request_integer(call->request, "gracePeriodSeconds", &options->grace_s))
        return refusal_bad_request(refusal, "strconv.ParseInt: parsing \"%s\": invalid syntax",
                                   request_query(call->request, "gracePeriodSeconds"));
    return read_dry_run(call->request, body, "DeleteOptions", &write->dry_run, refusal) &&
           read_propagation(call, body, &options->propagation, refusal);
}

/* "It is gone", as most kinds are answered. */
static void answer_deleted(const struct api_call *call, const json_t *object)
{
    json_t *details = json_pack("{s:s}", "name", tree_text(object, "metadata", "name"));
    if (call->resource->group[0] != '\0')
        json_object_set_new(details, "group", json_string(call->resource->group));
    json_object_set_new(details, "kind", json_string(call->resource->plural));
    json_object_set(details, "uid", tree_get(object, "metadata", "uid"));
    json_t *status = json_pack("{s:s, s:s, s:{}, s:s, s:o}", "kind", "Status", "apiVersion", "v1", "metadata", "status",
                               "Success", "details", details);
    response_json(call->response, 200, status);
    json_decref(status);
}

bool change_delete(const struct api_call *call, struct refusal *refusal)
{
    struct registry_call write;
    struct registry_delete options;
    json_t *body = NULL;
    json_t *object = NULL;
    bool gone = false;
    bool good = read_delete_body(call, &body, refusal) && read_delete(call, body, &write, &options, refusal);
    if (good) {
        write.warnings = json_array();
        good = registry_delete(call->api->registry, &write, &options, &object, &gone, refusal);
        end_write(call, &write);
    }
    if (good && gone && !call->resource->returns_deleted)
        answer_deleted(call, object);
    else if (good)
        answer_object(call, 200, object);
    json_decref(body);
    json_decref(object);
    return good;
}

/* The objects that a collection's delete is about, found before the first one goes. */
struct victims {
    const struct api_call *call;
    const struct filter *filter;
    json_t *objects;
};

static bool choose_victim(void *context, json_t *object)
{
    struct victims *victims = context;
    const char *namespace = victims->call->route.namespace;
    if ((namespace == NULL || text_equal(namespace, tree_text(object, "metadata", "namespace"))) &&
        filter_matches(victims->filter, object))
        json_array_append(victims->objects, object);
    return true;
}

static bool delete_victims(const struct api_call *call, const json_t *objects, struct registry_call *write,
                           const struct registry_delete *options, json_t *list, const struct rendering *rendering,
                           struct refusal *refusal)
{
    for (size_t i = 0; i < json_array_size(objects); i++) {
        json_t *object = json_array_get(objects, i);
        write->name = tree_text(object, "metadata", "name");
        write->namespace = tree_text(object, "metadata", "namespace");
        if (!registry_delete(call->api->registry, write, options, NULL, NULL, refusal))
            return false;
        rendering_add(rendering, list, object);
    }
    return true;
}

bool change_delete_all(const struct api_call *call, struct refusal *refusal)
{
    struct registry_call write;
    struct registry_delete options;
    struct list_options selection;
    struct rendering rendering;
    json_t *body = NULL;
    if (!rendering_init(&rendering, call->media, call->resource, call->route.version, call->request, true,
                        api_wall_ms(call), refusal) ||
        !list_options_parse(call, &selection, refusal))
        return false;
    struct victims victims = {.call = call, .filter = selection.filter, .objects = json_array()};
    json_t *list = rendering_list(&rendering, json_object());
    bool good = read_delete_body(call, &body, refusal) && read_delete(call, body, &write, &options, refusal);
    if (good) {
        store_visit_at(api_store(call), call->resource, store_version(api_store(call)), choose_victim, &victims);
        good = delete_victims(call, victims.objects, &write, &options, list, &rendering, refusal);
    }
    if (good)
        response_json(call->response, 200, list);
    list_options_release(&selection);
    json_decref(victims.objects);
    json_decref(list);
    json_decref(body);
    return good;
}
