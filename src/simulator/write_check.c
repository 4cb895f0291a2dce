/* Whether a body fits what it is written to: its type, names, uid and resourceVersion. */
#include "simulator/write_check.h"
#include "base/memory.h"
#include "base/text.h"
#include "base/tree.h"
#include "simulator/validate.h"
#include <string.h>

const char *write_name(const json_t *object)
{
    const char *name = tree_text(object, "metadata", "name");
    return name != NULL ? name : "";
}

json_t *write_metadata(json_t *object)
{
    json_t *found = json_object_get(object, "metadata");
    if (!json_is_object(found)) {
        found = json_object();
        json_object_set_new(object, "metadata", found);
    }
    return found;
}

/* The body's apiVersion and kind, where it has them, are those of the URL. */
bool write_check_type(const struct write *write, const json_t *body)
{
    const struct write_kind *kind = write->kind;
    const char *api_version = tree_text(body, "apiVersion"), *name = tree_text(body, "kind");
    CLEANUP_FREE char *wanted = kind_api_version(kind, write->options->version);
    if (name != NULL && name[0] != '\0' && strcmp(name, kind->kind) != 0) {
        const char *version = api_version != NULL ? api_version : "";
        const char *slash = strrchr(version, '/');
        return refusal_bad_request(
            write->refusal,
            "%s in version \"%s\" cannot be handled as a %s: converting (%s.%s) to (%s.%s): unknown "
            "conversion",
            name, slash != NULL ? slash + 1 : version, kind->kind, version, name,
            kind->group[0] != '\0' ? kind->group : "core", kind->kind);
    }
    if (api_version != NULL && api_version[0] != '\0' && strcmp(api_version, wanted) != 0)
        return refusal_bad_request(write->refusal,
                                   "the API version in the data (%s) does not match the expected API version (%s)",
                                   api_version, wanted);
    return true;
}

/* Names do not change; a body without them has those of the URL. */
bool write_check_names(struct write *write)
{
    json_t *meta = write_metadata(write->object);
    static const char *const fields[] = {"name", "namespace"};
    for (size_t i = 0; i < LENGTH_OF(fields); i++) {
        const char *wanted = tree_text(write->live, "metadata", fields[i]);
        const char *given = json_string_value(json_object_get(meta, fields[i]));
        if (wanted == NULL)
            continue;
        if (given == NULL || given[0] == '\0')
            json_object_set_new(meta, fields[i], json_string(wanted));
        else if (strcmp(given, wanted) != 0)
            return i == 0 ? refusal_bad_request(write->refusal,
                                                "the name of the object (%s) does not match the name on the URL (%s)",
                                                given, wanted)
                          : refusal_bad_request(write->refusal,
                                                "the namespace of the object (%s) does not match the namespace on the "
                                                "URL (%s)",
                                                given, wanted);
    }
    return true;
}

/* A stale resourceVersion, or (for custom resources that are PUT) none. */
bool write_check_version(struct write *write, bool put)
{
    const struct write_kind *kind = write->kind;
    const char *given = tree_text(write->object, "metadata", "resourceVersion");
    const char *live = tree_text(write->live, "metadata", "resourceVersion");
    if (given != NULL && given[0] != '\0' && strcmp(given, "0") != 0)
        return text_equal(given, live) ||
               refusal_modified(write->refusal, kind->group, kind->resource, write_name(write->live));
    if (!put || kind->crd == NULL)
        return true;
    json_t *causes = json_array();
    refusal_add_cause(causes, "FieldValueInvalid", "metadata.resourceVersion",
                      "Invalid value: 0: must be specified for an update");
    refusal_invalid(write->refusal, kind->group, kind->resource, write_name(write->live), causes);
    json_decref(causes);
    return false;
}

/* Where etcd has the object, as the real server's messages tell. */
static char *storage_key(const struct write *write)
{
    const char *namespace = tree_text(write->live, "metadata", "namespace");
    return memory_format("%s%s/%s%s%s/%s", write->kind->crd != NULL ? "/" : "",
                         write->kind->crd != NULL ? write->kind->group : "", write->kind->resource,
                         namespace != NULL ? "/" : "", namespace != NULL ? namespace : "", write_name(write->live));
}

/* A PUT's uid is a precondition; a patch cannot change it. */
bool write_check_uid(struct write *write, bool put)
{
    const struct write_kind *kind = write->kind;
    const char *given = tree_text(write->object, "metadata", "uid"), *live = tree_text(write->live, "metadata", "uid");
    if (given == NULL || given[0] == '\0' || text_equal(given, live))
        return true;
    if (put) {
        CLEANUP_FREE char *key = storage_key(write);
        CLEANUP_FREE char *why =
            memory_format("StorageError: invalid object, Code: 4, Key: %s, ResourceVersion: 0, AdditionalErrorMsg: "
                          "Precondition failed: UID in precondition: %s, UID in object meta: %s",
                          key, given, live);
        return refusal_conflict(write->refusal, kind->group, kind->resource, write_name(write->live), why);
    }
    json_t *causes = json_array();
    refusal_add_cause(causes, "FieldValueInvalid", "metadata.uid", "Invalid value: \"%s\": field is immutable", given);
    refusal_invalid(write->refusal, kind->group, kind->kind, write_name(write->live), causes);
    json_decref(causes);
    return false;
}

/* A patch cannot change what an object is. */
bool write_check_patched_type(struct write *write)
{
    CLEANUP_FREE char *wanted = kind_api_version(write->kind, write->options->version);
    const char *api_version = tree_text(write->object, "apiVersion"), *name = tree_text(write->object, "kind");
    json_t *causes = json_array();
    if (!text_equal(api_version, wanted))
        refusal_add_cause(causes, "FieldValueInvalid", "apiVersion", "Invalid value: \"%s\": must be %s",
                          api_version != NULL ? api_version : "", wanted);
    if (!text_equal(name, write->kind->kind))
        refusal_add_cause(causes, "FieldValueInvalid", "kind", "Invalid value: \"%s\": must be %s",
                          name != NULL ? name : "", write->kind->kind);
    bool good = json_array_size(causes) == 0;
    if (!good)
        refusal_invalid(write->refusal, write->kind->group, write->kind->kind, write_name(write->live), causes);
    json_decref(causes);
    return good;
}

/* The real server shows the whole object that a patch made and that cannot be decoded; the end of its message says why.
 */
bool write_check_patched_types(struct write *write)
{
    CLEANUP_FREE char *why = NULL;
    if (write->kind->crd != NULL || validate_types(write->kind->kind, write->object, &why))
        return true;
    CLEANUP_FREE char *text = json_dumps(write->object, JSON_COMPACT);
    json_t *shown = json_string(text), *causes = json_array();
    CLEANUP_FREE char *quoted = json_dumps(shown, JSON_ENCODE_ANY);
    refusal_add_cause(causes, "FieldValueInvalid", "patch", "Invalid value: %s: %s", quoted, why);
    refusal_invalid(write->refusal, "", "", "", causes);
    if (write->refusal != NULL) {
        json_object_del(write->refusal->details, "name");
        json_object_del(write->refusal->details, "kind");
    }
    json_decref(shown);
    json_decref(causes);
    return false;
}
