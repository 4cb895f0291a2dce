#include "simulator/protobuf.h"
#include "base/base64.h"
#include "base/clock.h"
#include "base/memory.h"
#include "base/text.h"
#include "base/tree.h"
#include "simulator/api_types.h"
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define DEPTH_LIMIT 64

enum wire { WIRE_VARINT = 0, WIRE_FIXED64 = 1, WIRE_BYTES = 2, WIRE_FIXED32 = 5 };

/* What is left of a message. */
struct reader {
    const unsigned char *at;
    const unsigned char *end;
};

/* One field of it as it stands on the wire. */
struct token {
    uint64_t number;
    enum wire wire;
    uint64_t value; /* of varints and fixed ones */
    struct reader content;
};

static bool read_varint(struct reader *reader, uint64_t *ret_value)
{
    uint64_t value = 0;
    for (unsigned shift = 0; shift < 64 && reader->at < reader->end; shift += 7) {
        unsigned char byte = *reader->at++;
        value |= (uint64_t)(byte & 0x7f) << shift;
        if (byte < 0x80) {
            *ret_value = value;
            return true;
        }
    }
    return false;
}

static bool read_fixed(struct reader *reader, size_t size, uint64_t *ret_value)
{
    uint64_t value = 0;
    if ((size_t)(reader->end - reader->at) < size)
        return false;
    for (size_t i = 0; i < size; i++)
        value |= (uint64_t)reader->at[i] << (8 * i);
    reader->at += size;
    *ret_value = value;
    return true;
}

static bool read_content(struct reader *reader, struct reader *ret_content)
{
    uint64_t size;
    if (!read_varint(reader, &size) || size > (size_t)(reader->end - reader->at))
        return false;
    *ret_content = (struct reader){.at = reader->at, .end = reader->at + size};
    reader->at += size;
    return true;
}

static bool read_token(struct reader *reader, struct token *ret_token)
{
    uint64_t key;
    struct token token = {0};
    if (!read_varint(reader, &key))
        return false;
    token.number = key >> 3;
    token.wire = (enum wire)(key & 7);
    bool good = token.wire == WIRE_VARINT    ? read_varint(reader, &token.value)
                : token.wire == WIRE_FIXED64 ? read_fixed(reader, 8, &token.value)
                : token.wire == WIRE_FIXED32 ? read_fixed(reader, 4, &token.value)
                : token.wire == WIRE_BYTES   ? read_content(reader, &token.content)
                                             : false;
    *ret_token = token;
    return good;
}

static char *content_text(const struct reader *content)
{
    return memory_text_part((const char *)content->at, (size_t)(content->end - content->at));
}

static json_t *json_of_content(const struct reader *content)
{
    return json_stringn((const char *)content->at, (size_t)(content->end - content->at));
}

/* The field `number` of a small message, as text or as number; false when absent. */
static bool find_content(struct reader message, uint64_t number, struct reader *ret_content)
{
    struct token token;
    while (message.at < message.end && read_token(&message, &token)) {
        if (token.number != number || token.wire != WIRE_BYTES)
            continue;
        *ret_content = token.content;
        return true;
    }
    return false;
}

static uint64_t find_number(struct reader message, uint64_t number)
{
    struct token token;
    while (message.at < message.end && read_token(&message, &token))
        if (token.number == number && token.wire == WIRE_VARINT)
            return token.value;
    return 0;
}

static json_t *time_of(const struct reader *content)
{
    char text[32];
    int64_t seconds = (int64_t)find_number(*content, 1);
    if (content->at == content->end || seconds < INT64_MIN / 1000 || seconds > INT64_MAX / 1000)
        return json_null();
    clock_format(seconds * 1000, text, sizeof text);
    return json_string(text);
}

static json_t *number_or_text(const struct reader *content)
{
    struct reader text;
    if (find_number(*content, 1) == 1)
        return find_content(*content, 3, &text) ? json_of_content(&text) : json_string("");
    return json_integer((int32_t)find_number(*content, 2));
}

static json_t *raw_json(const struct reader *content)
{
    struct reader raw;
    json_t *tree = NULL;
    if (!find_content(*content, 1, &raw) || !tree_parse((const char *)raw.at, (size_t)(raw.end - raw.at), &tree, NULL))
        return json_null();
    return tree;
}

static json_t *double_of(uint64_t bits)
{
    double value;
    memcpy(&value, &bits, sizeof value);
    return isfinite(value) ? json_real(value) : NULL;
}

static json_t *bytes_of(const struct reader *content)
{
    CLEANUP_FREE char *encoded = base64_encode(content->at, (size_t)(content->end - content->at));
    return json_string(encoded);
}

static json_t *read_message(const struct api_type *type, struct reader message, int depth);

/* NULL: it does not fit the type. */
static json_t *read_value(const struct api_field *field, const struct token *token, int depth)
{
    struct reader text;
    bool content = token->wire == WIRE_BYTES;
    if (field->scalar == 'b')
        return token->wire == WIRE_VARINT ? json_boolean(token->value != 0) : NULL;
    if (field->scalar == 'i')
        return token->wire == WIRE_VARINT ? json_integer((json_int_t)token->value) : NULL;
    if (field->scalar == 'd')
        return token->wire == WIRE_FIXED64 ? double_of(token->value) : NULL;
    if (!content)
        return NULL;
    switch (field->scalar) {
    case 's':
        return json_of_content(&token->content);
    case 'y':
        return bytes_of(&token->content);
    case 'T':
        return time_of(&token->content);
    case 'Q':
        return find_content(token->content, 1, &text) ? json_of_content(&text) : json_string("0");
    case 'I':
        return number_or_text(&token->content);
    case 'R':
        return raw_json(&token->content);
    default:
        return field->type != NULL ? read_message(field->type, token->content, depth - 1) : NULL;
    }
}

/* What Go leaves out of the JSON it writes. */
static bool is_empty(const json_t *value)
{
    return json_is_null(value) || json_is_false(value) || (json_is_string(value) && json_string_length(value) == 0) ||
           (json_is_integer(value) && json_integer_value(value) == 0);
}

/* The texts of a list that is the value of a map ("ExtraValue"). */
static json_t *read_texts(struct reader message)
{
    json_t *list = json_array();
    struct token token;
    while (message.at < message.end && read_token(&message, &token))
        if (token.number == 1 && token.wire == WIRE_BYTES)
            json_array_append_new(list, json_of_content(&token.content));
    return list;
}

/* An entry of a map: key 1, value 2. */
static bool add_entry(const struct api_field *field, struct reader entry, json_t *map, int depth)
{
    struct reader key;
    struct token token;
    json_t *value = NULL;
    if (!find_content(entry, 1, &key))
        key = (struct reader){0};
    while (entry.at < entry.end && value == NULL) {
        if (!read_token(&entry, &token))
            return false;
        if (token.number != 2)
            continue;
        value = field->listed ? read_texts(token.content) : read_value(field, &token, depth);
        if (value == NULL)
            return false;
    }
    if (value == NULL)
        value = json_string("");
    CLEANUP_FREE char *name = key.at != NULL ? content_text(&key) : memory_text("");
    return json_object_set_new(map, name, value) == 0;
}

static bool add_field(const struct api_field *field, const struct token *token, json_t *object, int depth)
{
    CLEANUP_FREE char *name = memory_text_part(field->name, field->name_length);
    if (field->name_length == 0) {
        json_t *inner = read_value(field, token, depth);
        bool good = inner != NULL && json_object_update(object, inner) == 0;
        json_decref(inner);
        return good;
    }
    if (field->shape == API_ONE) {
        json_t *value = read_value(field, token, depth);
        if (value == NULL)
            return false;
        if (is_empty(value) && !field->keeps_empty)
            json_decref(value);
        else
            json_object_set_new(object, name, value);
        return true;
    }
    if (json_object_get(object, name) == NULL)
        json_object_set_new(object, name, field->shape == API_LIST ? json_array() : json_object());
    json_t *many = json_object_get(object, name);
    if (field->shape == API_MAP)
        return token->wire == WIRE_BYTES && add_entry(field, token->content, many, depth);
    json_t *value = read_value(field, token, depth);
    return value != NULL && json_array_append_new(many, value) == 0;
}

static bool find_number_field(const struct api_type *type, uint64_t number, struct api_field *ret_field)
{
    const char *cursor = NULL;
    while (api_type_next(type, &cursor, ret_field))
        if (ret_field->number == number)
            return true;
    return false;
}

/* NULL when damaged. Fields that this version of the API does not have are left out. */
static json_t *read_message(const struct api_type *type, struct reader message, int depth)
{
    json_t *object = json_object();
    bool good = depth > 0;
    while (good && message.at < message.end) {
        struct token token;
        struct api_field field;
        good = read_token(&message, &token);
        if (good && find_number_field(type, token.number, &field))
            good = add_field(&field, &token, object, depth);
    }
    if (good)
        return object;
    json_decref(object);
    return NULL;
}

/* runtime.Unknown: typeMeta 1 (apiVersion 1, kind 2), raw 2. */
static bool read_envelope(struct reader reader, char **ret_api_version, char **ret_kind, struct reader *ret_raw)
{
    struct reader meta;
    struct reader api_version = {0};
    struct reader kind = {0};
    if (!find_content(reader, 1, &meta) || !find_content(meta, 1, &api_version) || !find_content(meta, 2, &kind) ||
        !find_content(reader, 2, ret_raw))
        return false;
    *ret_api_version = content_text(&api_version);
    *ret_kind = content_text(&kind);
    return true;
}

bool protobuf_decode(const char *bytes, size_t size, json_t **ret_object, struct error *error)
{
    static const char magic[] = {'k', '8', 's', '\0'};
    CLEANUP_FREE char *api_version = NULL;
    CLEANUP_FREE char *kind = NULL;
    struct reader reader = {.at = (const unsigned char *)bytes, .end = (const unsigned char *)bytes + size};
    struct reader raw;
    if (size < sizeof magic || memcmp(bytes, magic, sizeof magic) != 0)
        return error_set(error, ERROR_INVALID, "the protobuf body does not begin as Kubernetes' do");
    reader.at += sizeof magic;
    if (!read_envelope(reader, &api_version, &kind, &raw))
        return error_set(error, ERROR_INVALID, "the protobuf body does not say what it is");
    size_t group_length = strchr(api_version, '/') != NULL ? strcspn(api_version, "/") : 0;
    CLEANUP_FREE char *group = memory_text_part(api_version, group_length);
    const struct api_type *type = api_type_of_kind(group, kind);
    if (type == NULL)
        return error_set(error, ERROR_NOT_FOUND, "no kind \"%s\" is registered for version \"%s\"", kind, api_version);
    json_t *object = read_message(type, raw, DEPTH_LIMIT);
    if (object == NULL)
        return error_set(error, ERROR_INVALID, "the protobuf body of a %s is damaged", kind);
    if (json_object_set_new(object, "apiVersion", json_string(api_version)) != 0 ||
        json_object_set_new(object, "kind", json_string(kind)) != 0) {
        json_decref(object);
        return error_set(error, ERROR_INVALID, "the protobuf body is not UTF-8");
    }
    *ret_object = object;
    return true;
}
