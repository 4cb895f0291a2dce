#include "simulator/protobuf.h"
#include "base/base64.h"
#include "base/clock.h"
#include "base/i18n.h"
#include "base/memory.h"
#include "base/text.h"
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define DEPTH_LIMIT 16

enum field_type {
    TEXT,
    INTEGER,
    BOOLEAN,
    TIME,     /* seconds = 1, nanos = 2; RFC 3339 in JSON */
    FIELDS,   /* FieldsV1: JSON in raw = 1 */
    TEXT_MAP, /* entries of key = 1, value = 2 */
    BYTES_MAP,
    MESSAGE
};

/* One field of a message, as the .proto files number it. */
struct field {
    uint32_t number;
    const char *name;
    enum field_type type;
    bool repeated;
    const struct field *message; /* ended by number 0 */
};

static const struct field owner_reference[] = {{5, "apiVersion", TEXT, false, NULL},
                                               {1, "kind", TEXT, false, NULL},
                                               {3, "name", TEXT, false, NULL},
                                               {4, "uid", TEXT, false, NULL},
                                               {6, "controller", BOOLEAN, false, NULL},
                                               {7, "blockOwnerDeletion", BOOLEAN, false, NULL},
                                               {0}};
static const struct field managed_fields[] = {
    {1, "manager", TEXT, false, NULL},     {2, "operation", TEXT, false, NULL},
    {3, "apiVersion", TEXT, false, NULL},  {4, "time", TIME, false, NULL},
    {6, "fieldsType", TEXT, false, NULL},  {7, "fieldsV1", FIELDS, false, NULL},
    {8, "subresource", TEXT, false, NULL}, {0}};
static const struct field object_meta[] = {{1, "name", TEXT, false, NULL},
                                           {2, "generateName", TEXT, false, NULL},
                                           {3, "namespace", TEXT, false, NULL},
                                           {5, "uid", TEXT, false, NULL},
                                           {6, "resourceVersion", TEXT, false, NULL},
                                           {7, "generation", INTEGER, false, NULL},
                                           {8, "creationTimestamp", TIME, false, NULL},
                                           {9, "deletionTimestamp", TIME, false, NULL},
                                           {10, "deletionGracePeriodSeconds", INTEGER, false, NULL},
                                           {11, "labels", TEXT_MAP, false, NULL},
                                           {12, "annotations", TEXT_MAP, false, NULL},
                                           {13, "ownerReferences", MESSAGE, true, owner_reference},
                                           {14, "finalizers", TEXT, true, NULL},
                                           {17, "managedFields", MESSAGE, true, managed_fields},
                                           {0}};
static const struct field secret[] = {{1, "metadata", MESSAGE, false, object_meta},
                                      {2, "data", BYTES_MAP, false, NULL},
                                      {3, "type", TEXT, false, NULL},
                                      {4, "stringData", TEXT_MAP, false, NULL},
                                      {5, "immutable", BOOLEAN, false, NULL},
                                      {0}};
static const struct field config_map[] = {{1, "metadata", MESSAGE, false, object_meta},
                                          {2, "data", TEXT_MAP, false, NULL},
                                          {3, "binaryData", BYTES_MAP, false, NULL},
                                          {4, "immutable", BOOLEAN, false, NULL},
                                          {0}};
static const struct field namespace_object[] = {{1, "metadata", MESSAGE, false, object_meta}, {0}};
static const struct field lease_spec[] = {
    {1, "holderIdentity", TEXT, false, NULL},      {2, "leaseDurationSeconds", INTEGER, false, NULL},
    {3, "acquireTime", TIME, false, NULL},         {4, "renewTime", TIME, false, NULL},
    {5, "leaseTransitions", INTEGER, false, NULL}, {0}};
static const struct field lease[] = {
    {1, "metadata", MESSAGE, false, object_meta}, {2, "spec", MESSAGE, false, lease_spec}, {0}};
static const struct field preconditions[] = {
    {1, "uid", TEXT, false, NULL}, {2, "resourceVersion", TEXT, false, NULL}, {0}};
static const struct field delete_options[] = {{1, "gracePeriodSeconds", INTEGER, false, NULL},
                                              {2, "preconditions", MESSAGE, false, preconditions},
                                              {3, "orphanDependents", BOOLEAN, false, NULL},
                                              {4, "propagationPolicy", TEXT, false, NULL},
                                              {5, "dryRun", TEXT, true, NULL},
                                              {0}};
static const struct field type_meta[] = {{1, "apiVersion", TEXT, false, NULL}, {2, "kind", TEXT, false, NULL}, {0}};

static const struct {
    const char *kind;
    const struct field *message;
} kinds[] = {{"Secret", secret},
             {"ConfigMap", config_map},
             {"Namespace", namespace_object},
             {"Lease", lease},
             {"DeleteOptions", delete_options}};

/* Bytes that are being read. */
struct input {
    const unsigned char *at, *end;
};

/* One field as it stands in the bytes. */
struct wire {
    uint32_t number;
    uint64_t value;       /* of a number */
    struct input content; /* of anything with a length; empty otherwise */
};

static bool read_number(struct input *input, uint64_t *ret_value)
{
    uint64_t value = 0;
    for (unsigned shift = 0; shift < 64 && input->at < input->end; shift += 7) {
        unsigned char byte = *input->at++;
        value |= (uint64_t)(byte & 0x7f) << shift;
        if ((byte & 0x80) == 0) {
            *ret_value = value;
            return true;
        }
    }
    return false;
}

static bool skip(struct input *input, size_t size)
{
    if ((size_t)(input->end - input->at) < size)
        return false;
    input->at += size;
    return true;
}

static bool read_field(struct input *input, struct wire *ret_wire)
{
    uint64_t tag, size;
    struct wire wire = {0};
    if (!read_number(input, &tag) || tag >> 3 == 0 || tag >> 3 > UINT32_MAX)
        return false;
    wire.number = (uint32_t)(tag >> 3);
    switch (tag & 7) {
    case 0:
        if (!read_number(input, &wire.value))
            return false;
        break;
    case 1:
        if (!skip(input, 8))
            return false;
        break;
    case 2:
        if (!read_number(input, &size) || size > (uint64_t)(input->end - input->at))
            return false;
        wire.content = (struct input){input->at, input->at + size};
        input->at += size;
        break;
    case 5:
        if (!skip(input, 4))
            return false;
        break;
    default:
        return false;
    }
    *ret_wire = wire;
    return true;
}

static json_t *text_of(const struct input *content)
{
    return json_stringn((const char *)content->at, (size_t)(content->end - content->at));
}

static json_t *base64_of(const struct input *content)
{
    CLEANUP_FREE char *encoded = base64_encode(content->at, (size_t)(content->end - content->at));
    return json_string(encoded);
}

static bool read_message(struct input input, const struct field *message, int depth, json_t *object);

/* Seconds and nanoseconds; JSON null for the zero time, which Go sends too. */
static json_t *time_of(struct input content)
{
    struct wire wire;
    int64_t seconds = 0, nanos = 0;
    char text[32];
    while (content.at < content.end) {
        if (!read_field(&content, &wire))
            return NULL;
        if (wire.number == 1)
            seconds = (int64_t)wire.value;
        else if (wire.number == 2)
            nanos = (int64_t)wire.value;
    }
    if (seconds <= 0 || seconds > INT64_MAX / 1000 || nanos < 0 || nanos > 999999999)
        return json_null();
    clock_format(seconds * 1000 + nanos / 1000000, text, sizeof text);
    return json_string(text);
}

static json_t *fields_of(struct input content)
{
    struct wire wire;
    json_t *tree = NULL;
    while (content.at < content.end && read_field(&content, &wire))
        if (wire.number == 1 && tree == NULL)
            tree = json_loadb((const char *)wire.content.at, (size_t)(wire.content.end - wire.content.at), 0, NULL);
    return tree != NULL ? tree : json_object();
}

static bool read_entry(struct input content, bool bytes, json_t *map)
{
    struct wire wire;
    struct input value = {0};
    json_t *key = NULL;
    bool good = true;
    while (good && content.at < content.end) {
        good = read_field(&content, &wire);
        if (good && wire.number == 1) {
            json_decref(key);
            key = text_of(&wire.content);
        } else if (good && wire.number == 2) {
            value = wire.content;
        }
    }
    json_t *shown = value.at == NULL ? json_string("") : bytes ? base64_of(&value) : text_of(&value);
    good = good && key != NULL && shown != NULL && json_object_set(map, json_string_value(key), shown) == 0;
    json_decref(key);
    json_decref(shown);
    return good;
}

static json_t *value_of(const struct wire *wire, const struct field *field, int depth)
{
    json_t *object;
    switch (field->type) {
    case TEXT:
        return text_of(&wire->content);
    case INTEGER:
        return json_integer((json_int_t)wire->value);
    case BOOLEAN:
        return json_boolean(wire->value != 0);
    case TIME:
        return time_of(wire->content);
    case FIELDS:
        return fields_of(wire->content);
    case MESSAGE:
        object = json_object();
        if (read_message(wire->content, field->message, depth + 1, object))
            return object;
        json_decref(object);
        return NULL;
    case TEXT_MAP:
    case BYTES_MAP:
        break;
    }
    return NULL;
}

/* The object or list at `name`, made when it is missing. */
static json_t *container(json_t *object, const char *name, bool list)
{
    json_t *there = json_object_get(object, name);
    if (there == NULL) {
        there = list ? json_array() : json_object();
        json_object_set_new(object, name, there);
    }
    return there;
}

static bool take(json_t *object, const struct wire *wire, const struct field *field, int depth)
{
    if (field->type == TEXT_MAP || field->type == BYTES_MAP)
        return read_entry(wire->content, field->type == BYTES_MAP, container(object, field->name, false));
    json_t *value = value_of(wire, field, depth);
    bool empty = json_is_null(value) || (json_is_string(value) && json_string_length(value) == 0);
    if (value == NULL)
        return false;
    if (field->repeated)
        json_array_append_new(container(object, field->name, true), value);
    else if (!empty)
        json_object_set_new(object, field->name, value);
    else
        json_decref(value);
    return true;
}

/* Fields that are not in the table are skipped. */
static bool read_message(struct input input, const struct field *message, int depth, json_t *object)
{
    struct wire wire;
    if (depth > DEPTH_LIMIT)
        return false;
    while (input.at < input.end) {
        const struct field *field = message;
        if (!read_field(&input, &wire))
            return false;
        while (field->number != 0 && field->number != wire.number)
            field++;
        if (field->number != 0 && !take(object, &wire, field, depth))
            return false;
    }
    return true;
}

/* The runtime.Unknown: typeMeta = 1, raw = 2. */
static bool read_envelope(struct input input, json_t *types, struct input *ret_raw)
{
    struct wire wire;
    while (input.at < input.end) {
        if (!read_field(&input, &wire))
            return false;
        if (wire.number == 1 && !read_message(wire.content, type_meta, 0, types))
            return false;
        if (wire.number == 2)
            *ret_raw = wire.content;
    }
    return true;
}

static const struct field *find_kind(const char *kind)
{
    for (size_t i = 0; kind != NULL && i < LENGTH_OF(kinds); i++)
        if (strcmp(kinds[i].kind, kind) == 0)
            return kinds[i].message;
    return NULL;
}

bool protobuf_decode(const char *bytes, size_t size, json_t **ret_object, struct error *error)
{
    static const char magic[] = {'k', '8', 's', '\0'};
    struct input raw = {0};
    json_t *object = json_object();
    const unsigned char *start = (const unsigned char *)bytes;
    bool good = size >= sizeof magic && memcmp(bytes, magic, sizeof magic) == 0 &&
                read_envelope((struct input){start + sizeof magic, start + size}, object, &raw);
    const char *kind = json_string_value(json_object_get(object, "kind"));
    const struct field *message = find_kind(kind);
    if (!good)
        error_set(error, ERROR_INVALID, _("The body is not in Kubernetes' protobuf encoding."));
    else if (message == NULL)
        good = error_set(error, ERROR_NOT_FOUND, _("Protobuf bodies of kind '%s' are not understood here."),
                         kind != NULL ? kind : "");
    else if (!read_message(raw, message, 0, object))
        good = error_set(error, ERROR_INVALID, _("The protobuf body is damaged."));
    if (good)
        *ret_object = object;
    else
        json_decref(object);
    return good;
}
