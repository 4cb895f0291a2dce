#include "base/yaml.h"
#include "base/array.h"
#include "base/i18n.h"
#include "base/map.h"
#include "base/memory.h"
#include "base/text.h"
#include "base/tree.h"
#include "base/yaml_positions.h"
#include "base/yaml_scalar.h"
#include <stdlib.h>
#include <string.h>
#include <yaml.h>

#define MERGE_TAG "tag:yaml.org,2002:merge"

/* What aliases may grow a document to ("billion laughs"): nodes, and bytes of text counted as 64 to a node. Go's
 * package stops at the same number of nodes. */
#define ALIAS_LIMIT 400000

/* Keys and the ends of lists are events as well as values are. */
#define EVENTS_LIMIT (2 * TREE_VALUES_LIMIT)

/* What an anchor stands for. `value` is NULL until its node is complete; `key` is its form as a key, NULL when it has
 * none. */
struct anchor {
    json_t *value;
    char *key;
};

/* A list or an object that is being read. */
struct frame {
    json_t *container;
    struct anchor *anchor; /* NULL: none */
    char *key;             /* of the value that comes next; NULL: a key comes next */
    bool merge;            /* the key is '<<' and merges */
    yaml_mark_t key_mark;
    size_t pointer_size; /* of the container's own JSON pointer in `pointer` */
};

struct builder {
    yaml_parser_t parser;
    enum yaml_flavour flavour;
    const char *name;
    const char *bytes;
    struct frame frames[TREE_DEPTH_LIMIT];
    size_t depth;
    json_t *root;
    struct map *anchors;              /* by name; the newest of a name counts */
    struct array all_anchors;         /* owns them: frames may point to one whose name was taken again */
    size_t alias_room;                /* nodes that aliases may still add */
    struct yaml_positions *positions; /* NULL: not wanted */
    struct text pointer;              /* of the container that is being read, when positions are wanted */
    struct error *error;
};

static void free_anchor(void *item)
{
    struct anchor *anchor = item;
    json_decref(anchor->value);
    free(anchor->key);
    free(anchor);
}

static bool fail_at(struct builder *builder, size_t line, size_t column, const char *what)
{
    return error_set(builder->error, ERROR_INVALID, "%s:%zu:%zu: %s", builder->name, line + 1, column + 1, what);
}

static bool fail(struct builder *builder, const yaml_mark_t *mark, const char *what)
{
    return fail_at(builder, mark->line, mark->column, what);
}

static struct frame *top(struct builder *builder)
{
    return builder->depth == 0 ? NULL : &builder->frames[builder->depth - 1];
}

static bool expects_key(struct builder *builder)
{
    const struct frame *frame = top(builder);
    return frame != NULL && json_is_object(frame->container) && frame->key == NULL;
}

/* Notes where the value that begins at `mark` stands, and leaves its JSON pointer in builder->pointer. */
static void note_place(struct builder *builder, const yaml_mark_t *mark, bool copied)
{
    if (builder->positions == NULL)
        return;
    const struct frame *frame = top(builder);
    const yaml_mark_t *key_mark = mark;
    if (frame != NULL && frame->key != NULL) {
        CLEANUP_FREE char *step = yaml_pointer("", frame->key);
        text_append(&builder->pointer, step);
        key_mark = &frame->key_mark;
    } else if (frame != NULL) {
        text_append_format(&builder->pointer, "/%zu", json_array_size(frame->container));
    }
    struct yaml_place place = {
        .line = (int)mark->line + 1,
        .column = (int)mark->column + 1,
        .key_line = (int)key_mark->line + 1,
        .key_column = (int)key_mark->column + 1,
        .copied = copied,
    };
    yaml_positions_put(builder->positions, text_peek(&builder->pointer), place);
}

static void leave_place(struct builder *builder)
{
    if (builder->positions == NULL)
        return;
    const struct frame *frame = top(builder);
    builder->pointer.size = frame == NULL ? 0 : frame->pointer_size;
    if (builder->pointer.bytes != NULL)
        builder->pointer.bytes[builder->pointer.size] = '\0';
}

/* Keys that a merge brings stand where it stands. */
static void note_merged(struct builder *builder, const json_t *object, const struct frame *frame)
{
    const char *key = NULL;
    json_t *value = NULL;
    struct yaml_place place = {
        .line = (int)frame->key_mark.line + 1,
        .column = (int)frame->key_mark.column + 1,
        .key_line = (int)frame->key_mark.line + 1,
        .key_column = (int)frame->key_mark.column + 1,
        .copied = true,
    };
    json_object_foreach((json_t *)object, key, value)
    {
        CLEANUP_FREE char *parent = memory_text_part(text_peek(&builder->pointer), frame->pointer_size);
        CLEANUP_FREE char *pointer = yaml_pointer(parent, key);
        yaml_positions_put(builder->positions, pointer, place);
    }
}

static void merge_object(struct builder *builder, struct frame *frame, json_t *object)
{
    if (builder->positions != NULL)
        note_merged(builder, object, frame);
    json_object_update(frame->container, object);
}

/* '<<': an object, or a list of objects of which earlier ones win. Go's package merges in place: keys above the '<<'
 * are replaced, keys below it replace. An alias may stand for an object only. */
static bool merge(struct builder *builder, struct frame *frame, json_t *value, bool from_alias)
{
    bool right = json_is_object(value) || (json_is_array(value) && !from_alias);
    for (size_t i = json_array_size(value); right && i > 0; i--)
        right = json_is_object(json_array_get(value, i - 1));
    if (!right)
        return fail(builder, &frame->key_mark, _("what '<<' merges must be an object or a list of objects"));
    if (json_is_object(value))
        merge_object(builder, frame, value);
    for (size_t i = json_array_size(value); i > 0; i--)
        merge_object(builder, frame, json_array_get(value, i - 1));
    return true;
}

/* Puts a finished value (whose reference is taken over) where it belongs. */
static bool place_value(struct builder *builder, json_t *value, bool from_alias)
{
    struct frame *frame = top(builder);
    bool placed = true;
    leave_place(builder);
    if (frame == NULL) {
        builder->root = value;
    } else if (json_is_array(frame->container)) {
        json_array_append_new(frame->container, value);
    } else {
        if (frame->merge) {
            placed = merge(builder, frame, value, from_alias);
            json_decref(value);
        } else {
            json_object_set_new_nocheck(frame->container, frame->key, value);
        }
        free(STEAL(frame->key));
    }
    return placed;
}

static bool take_key(struct builder *builder, char *key, bool merges, const yaml_mark_t *mark)
{
    struct frame *frame = top(builder);
    frame->key = key;
    frame->key_mark = *mark;
    frame->merge = merges;
    if (builder->flavour == YAML_STRICT && json_object_get(frame->container, key) != NULL) {
        CLEANUP_FREE char *shown = text_clean(key, false, 80);
        CLEANUP_FREE char *what = memory_format(_("the key '%s' stands here a second time"), shown);
        return fail(builder, mark, what);
    }
    return true;
}

static struct anchor *add_anchor(struct builder *builder, const yaml_char_t *name)
{
    if (name == NULL)
        return NULL;
    struct anchor *anchor = memory_new(sizeof *anchor);
    array_append(&builder->all_anchors, anchor);
    map_put(builder->anchors, (const char *)name, anchor);
    return anchor;
}

static bool read_scalar(struct builder *builder, const yaml_event_t *event)
{
    const char *tag = (const char *)event->data.scalar.tag;
    const char *bytes = (const char *)event->data.scalar.value;
    bool plain = event->data.scalar.plain_implicit != 0;
    struct yaml_scalar scalar = {0};
    const char *problem = NULL;
    if (!yaml_scalar_read(builder->flavour, tag, plain, bytes, event->data.scalar.length, &scalar, &problem))
        return fail(builder, &event->start_mark, problem);
    struct anchor *anchor = add_anchor(builder, event->data.scalar.anchor);
    bool is_key = expects_key(builder);
    char *key = is_key || anchor != NULL ? yaml_scalar_key(&scalar) : NULL;
    json_t *value = !is_key || anchor != NULL ? yaml_scalar_value(&scalar) : NULL;
    yaml_scalar_release(&scalar);
    if (anchor != NULL) {
        anchor->value = json_incref(value);
        anchor->key = memory_text(key);
    }
    if (is_key) {
        json_decref(value);
        if (key == NULL)
            return fail(builder, &event->start_mark, _("this cannot be a key: a key is a text, a number or a boolean"));
        bool merges =
            builder->flavour == YAML_KUBERNETES && strcmp(bytes, "<<") == 0 && (plain || text_equal(tag, MERGE_TAG));
        return take_key(builder, key, merges, &event->start_mark);
    }
    free(key);
    if (value == NULL)
        return fail(builder, &event->start_mark, _("infinity and 'not a number' are no values that JSON has"));
    note_place(builder, &event->start_mark, false);
    return place_value(builder, value, false);
}

/* A deep copy that spends `alias_room` and keeps to the depth limit; NULL when either is used up. */
static json_t *copy_tree(struct builder *builder, json_t *tree, size_t depth)
{
    size_t cost = 1 + (json_is_string(tree) ? json_string_length(tree) / 64 : 0);
    if (cost > builder->alias_room || depth > TREE_DEPTH_LIMIT)
        return NULL;
    builder->alias_room -= cost;
    if (json_is_array(tree)) {
        json_t *copy = json_array();
        for (size_t i = 0; i < json_array_size(tree); i++) {
            json_t *item = copy_tree(builder, json_array_get(tree, i), depth + 1);
            if (item == NULL) {
                json_decref(copy);
                return NULL;
            }
            json_array_append_new(copy, item);
        }
        return copy;
    }
    if (!json_is_object(tree))
        return json_copy(tree);
    json_t *copy = json_object();
    const char *key = NULL;
    json_t *value = NULL;
    json_object_foreach(tree, key, value)
    {
        json_t *member = copy_tree(builder, value, depth + 1);
        if (member == NULL) {
            json_decref(copy);
            return NULL;
        }
        json_object_set_new_nocheck(copy, key, member);
    }
    return copy;
}

static bool read_alias(struct builder *builder, const yaml_event_t *event)
{
    const struct anchor *anchor = map_get(builder->anchors, (const char *)event->data.alias.anchor);
    if (anchor == NULL)
        return fail(builder, &event->start_mark, _("this alias names an anchor that does not stand above it"));
    if (expects_key(builder)) {
        if (anchor->key == NULL)
            return fail(builder, &event->start_mark, _("this cannot be a key: a key is a text, a number or a boolean"));
        return take_key(builder, memory_text(anchor->key), false, &event->start_mark);
    }
    if (anchor->value == NULL)
        return fail(builder, &event->start_mark, _("this alias stands within the very value that it names"));
    json_t *copy = copy_tree(builder, anchor->value, builder->depth + 1);
    if (copy == NULL)
        return fail(builder, &event->start_mark, _("aliases make this document too large or too deep"));
    note_place(builder, &event->start_mark, true);
    return place_value(builder, copy, true);
}

static bool open_container(struct builder *builder, json_t *container, const yaml_char_t *anchor,
                           const yaml_mark_t *mark)
{
    if (expects_key(builder) || builder->depth == TREE_DEPTH_LIMIT) {
        json_decref(container);
        return fail(builder, mark,
                    builder->depth == TREE_DEPTH_LIMIT ? _("this is nested too deep")
                                                       : _("a list or an object cannot be a key"));
    }
    note_place(builder, mark, false);
    builder->frames[builder->depth++] = (struct frame){
        .container = container,
        .anchor = add_anchor(builder, anchor),
        .pointer_size = builder->pointer.size,
    };
    return true;
}

static bool close_container(struct builder *builder)
{
    struct frame frame = builder->frames[--builder->depth];
    if (frame.anchor != NULL)
        frame.anchor->value = json_incref(frame.container);
    return place_value(builder, frame.container, false);
}

static bool handle(struct builder *builder, const yaml_event_t *event)
{
    switch (event->type) {
    case YAML_SCALAR_EVENT:
        return read_scalar(builder, event);
    case YAML_ALIAS_EVENT:
        return read_alias(builder, event);
    case YAML_SEQUENCE_START_EVENT:
        return open_container(builder, json_array(), event->data.sequence_start.anchor, &event->start_mark);
    case YAML_MAPPING_START_EVENT:
        return open_container(builder, json_object(), event->data.mapping_start.anchor, &event->start_mark);
    case YAML_SEQUENCE_END_EVENT:
    case YAML_MAPPING_END_EVENT:
        return close_container(builder);
    case YAML_DOCUMENT_START_EVENT:
        return builder->root == NULL ||
               fail(builder, &event->start_mark, _("a second document begins here where one was expected"));
    default:
        return true;
    }
}

/* libyaml's words for what people get wrong most often, said so that they help. */
static const char *explain(const char *problem)
{
    static const struct {
        const char *problem;
        const char *better;
    } table[] = {
        {"found character that cannot start any token",
         N_("nothing can begin with this character (indentation is written with spaces, not tabs; a text that begins "
            "with @, ` or % "
            "needs quotes)")},
        {"found a tab character that violates indentation", N_("lines are indented with spaces, not tabs")},
        {"mapping values are not allowed in this context", N_("a ':' is not expected here (is the line indented as the "
                                                              "ones above it? a text with ': ' in it needs quotes)")},
        {"did not find expected key", N_("a key is expected here (is the line indented as the ones above it?)")},
        {"could not find expected ':'", N_("a ':' is expected after the key")},
        {"did not find expected '-' indicator", N_("a '-' is expected here, as for the list's other items")},
        {"did not find expected ',' or ']'", N_("a ',' or the list's closing ']' is expected here")},
        {"did not find expected ',' or '}'", N_("a ',' or the object's closing '}' is expected here")},
        {"control characters are not allowed", N_("this control character is not allowed")},
        {"found unexpected end of stream", N_("the text ends here before its closing quote")},
    };
    for (size_t i = 0; problem != NULL && i < LENGTH_OF(table); i++)
        if (strcmp(problem, table[i].problem) == 0)
            return _(table[i].better);
    return problem != NULL ? problem : _("this is not YAML");
}

/* libyaml's reader tells bytes, not lines. */
static bool fail_reading(struct builder *builder, size_t offset)
{
    size_t line = 0;
    size_t column = 0;
    for (size_t i = 0; i < offset; i++) {
        column += ((unsigned char)builder->bytes[i] & 0xc0) != 0x80;
        if (builder->bytes[i] == '\n') {
            line++;
            column = 0;
        }
    }
    return fail_at(builder, line, column, explain(builder->parser.problem));
}

static bool fail_parsing(struct builder *builder, size_t size)
{
    const yaml_parser_t *parser = &builder->parser;
    if (parser->error == YAML_MEMORY_ERROR)
        abort();
    if (parser->error == YAML_READER_ERROR)
        return fail_reading(builder, parser->problem_offset < size ? parser->problem_offset : size);
    return fail(builder, &parser->problem_mark, explain(parser->problem));
}

static bool read_events(struct builder *builder, size_t size)
{
    bool more = true;
    for (size_t events = 0; more; events++) {
        yaml_event_t event;
        if (!yaml_parser_parse(&builder->parser, &event))
            return fail_parsing(builder, size);
        more = event.type != YAML_STREAM_END_EVENT;
        bool handled = events < EVENTS_LIMIT ? handle(builder, &event)
                                             : fail(builder, &event.start_mark, _("this document has too many values"));
        yaml_event_delete(&event);
        if (!handled)
            return false;
    }
    if (builder->root == NULL) {
        note_place(builder, &(yaml_mark_t){0}, false);
        builder->root = json_null();
    }
    return true;
}

static void release(struct builder *builder)
{
    while (builder->depth > 0) {
        struct frame *frame = &builder->frames[--builder->depth];
        json_decref(frame->container);
        free(frame->key);
    }
    json_decref(builder->root);
    map_free(builder->anchors);
    array_release(&builder->all_anchors);
    text_release(&builder->pointer);
    yaml_positions_free(builder->positions);
    yaml_parser_delete(&builder->parser);
    free(builder);
}

bool yaml_parse(enum yaml_flavour flavour, const char *name, const char *bytes, size_t size, json_t **ret_tree,
                struct yaml_positions **ret_positions, struct error *error)
{
    struct builder *builder = memory_new(sizeof *builder);
    if (!yaml_parser_initialize(&builder->parser))
        abort();
    yaml_parser_set_input_string(&builder->parser, (const unsigned char *)bytes, size);
    builder->flavour = flavour;
    builder->name = name;
    builder->bytes = bytes;
    builder->error = error;
    builder->alias_room = ALIAS_LIMIT;
    builder->anchors = map_new(NULL);
    builder->all_anchors.free_item = free_anchor;
    builder->positions = ret_positions != NULL ? yaml_positions_new() : NULL;
    bool done = read_events(builder, size);
    if (done) {
        *ret_tree = STEAL(builder->root);
        if (ret_positions != NULL)
            *ret_positions = STEAL(builder->positions);
    }
    release(builder);
    return done;
}
