#include "kube/kubeconfig_file.h"
#include "base/file.h"
#include "base/i18n.h"
#include "base/map.h"
#include "base/memory.h"
#include "base/text.h"
#include <stdlib.h>
#include <string.h>

#define FILE_LIMIT ((size_t)16 << 20) /* hundreds of clusters with their certificates inside */

struct kube_file {
    char *path;
    json_t *tree;
    struct yaml_positions *positions;
};

/* The lists of a kubeconfig and the key under which each of their items has its body. */
static const struct section {
    const char *list;
    const char *body;
} sections[] = {
    [KUBE_CONTEXTS] = {"contexts", "context"},
    [KUBE_CLUSTERS] = {"clusters", "cluster"},
    [KUBE_USERS] = {"users", "user"},
};

static void free_file(void *item)
{
    struct kube_file *file = item;
    free(file->path);
    json_decref(file->tree);
    yaml_positions_free(file->positions);
    free(file);
}

void kube_files_release(struct kube_files *files)
{
    array_release(&files->files);
    array_release(&files->missing);
}

static struct kube_fields root_of(const struct kube_file *file)
{
    return (struct kube_fields){
        .object = file->tree, .source = file->path, .positions = file->positions, .pointer = ""};
}

/* `kind` and `apiVersion` may be left out; other ones mean that this is not a kubeconfig at all. */
static bool check_kind(const struct kube_fields *root, struct error *error)
{
    CLEANUP_FREE char *kind = NULL;
    CLEANUP_FREE char *version = NULL;
    if (!kube_fields_text(root, "kind", &kind, error) || !kube_fields_text(root, "apiVersion", &version, error))
        return false;
    bool config = kind == NULL || text_equal(kind, "Config");
    if (config && (version == NULL || text_equal(version, "v1")))
        return true;
    CLEANUP_FREE char *shown = text_clean(config ? version : kind, false, 100);
    kube_fields_error(root, config ? "apiVersion" : "kind", error,
                      _("This is not a kubeconfig: kind Config of apiVersion v1 is expected, not '%s'."), shown);
    return error_hint(error, _("Check --kubeconfig and the KUBECONFIG variable."));
}

/* One list: items with a name each, no name twice. Bodies are looked at when they are used. */
static bool check_section(const struct kube_fields *root, const struct section *section, struct error *error)
{
    const json_t *list = NULL;
    if (!kube_fields_array(root, section->list, &list, error))
        return false;
    CLEANUP_FREE char *pointer = yaml_pointer("", section->list);
    struct map *seen = map_new(NULL);
    bool present = true;
    bool valid = true;
    for (size_t i = 0; valid && i < json_array_size(list); i++) {
        const json_t *item = json_array_get(list, i);
        CLEANUP_FREE char *place = yaml_pointer_index(pointer, i);
        struct kube_fields fields = *root;
        fields.object = item;
        fields.pointer = place;
        CLEANUP_FREE char *name = NULL;
        const json_t *body = NULL;
        if (!json_is_object(item)) {
            valid = kube_fields_error(&fields, NULL, error,
                                      _("Each item of '%s' must be a map with a name, but this is %s."), section->list,
                                      kube_fields_kind(item));
        } else if (!kube_fields_text(&fields, "name", &name, error) ||
                   !kube_fields_object(&fields, section->body, &body, error)) {
            valid = false;
        } else if (map_get(seen, name == NULL ? "" : name) != NULL) {
            CLEANUP_FREE char *shown = text_clean(name, false, 200);
            kube_fields_error(&fields, "name", error, _("The name '%s' stands twice in '%s'."),
                              shown == NULL ? "" : shown, section->list);
            valid = error_hint(error, _("Rename or remove one of the two."));
        } else {
            map_put(seen, name == NULL ? "" : name, &present);
        }
    }
    map_free(seen);
    return valid;
}

static bool check_file(const struct kube_file *file, struct error *error)
{
    struct kube_fields root = root_of(file);
    CLEANUP_FREE char *current = NULL;
    if (!json_is_object(file->tree) && !json_is_null(file->tree))
        return kube_fields_error(&root, NULL, error, _("A kubeconfig must be a map, but this is %s."),
                                 kube_fields_kind(file->tree));
    if (!check_kind(&root, error) || !kube_fields_text(&root, "current-context", &current, error))
        return false;
    for (size_t i = 0; i < LENGTH_OF(sections); i++) {
        if (!check_section(&root, &sections[i], error))
            return false;
    }
    return true;
}

/* kubectl reads the first document of a file and no further. "---" at the start of a line begins another one wherever
 * it stands; before the first there may be comments and directives. */
static size_t first_document_size(const char *bytes, size_t size)
{
    bool begun = false;
    for (const char *line = bytes; line < bytes + size;) {
        size_t length = strcspn(line, "\n");
        bool marker = text_starts(line, "---") && strchr(" \t\r\n", line[3]) != NULL;
        if (marker && begun)
            return (size_t)(line - bytes);
        begun = begun || marker || (length > strspn(line, " \t\r") && line[0] != '#' && line[0] != '%');
        line += length + 1;
    }
    return size;
}

static bool read_file(const char *path, struct kube_file **ret_file, struct error *error)
{
    CLEANUP_FREE char *bytes = NULL;
    size_t size = 0;
    if (!file_read(path, FILE_LIMIT, &bytes, &size, error))
        return false;
    size = first_document_size(bytes, size);
    struct kube_file *file = memory_new(sizeof(*file));
    file->path = memory_text(path);
    if (!yaml_parse(YAML_KUBERNETES, path, bytes, size, &file->tree, &file->positions, error) ||
        !check_file(file, error)) {
        free_file(file);
        return false;
    }
    *ret_file = file;
    return true;
}

static bool add_file(struct kube_files *files, const char *path, bool must_exist, struct error *error)
{
    struct error reason = {0};
    struct kube_file *file = NULL;
    if (read_file(path, &file, &reason)) {
        array_append(&files->files, file);
        return true;
    }
    if (reason.code == ERROR_NOT_FOUND && !must_exist) {
        error_release(&reason);
        array_append(&files->missing, memory_text(path));
        return true;
    }
    if (reason.code == ERROR_NOT_FOUND)
        error_hint(&reason,
                   _("Check --kubeconfig; without it, the files of KUBECONFIG are read, else ~/.kube/config."));
    error_move(error, &reason);
    return false;
}

static bool listed_before(const struct kube_files *files, const char *path)
{
    for (size_t i = 0; i < files->files.count; i++) {
        if (text_equal(((const struct kube_file *)files->files.items[i])->path, path))
            return true;
    }
    return false;
}

/* KUBECONFIG: paths with ':' between them, empty and repeated ones skipped. */
static bool add_list(struct kube_files *files, const char *list, struct error *error)
{
    while (true) {
        size_t size = strcspn(list, ":");
        CLEANUP_FREE char *path = memory_text_part(list, size);
        if (size > 0 && !listed_before(files, path) && !add_file(files, path, false, error))
            return false;
        if (list[size] == '\0')
            return true;
        list += size + 1;
    }
}

bool kube_files_read(const char *explicit_path, struct kube_files *ret_files, struct error *error)
{
    struct kube_files files = {.files = {.free_item = free_file}, .missing = {.free_item = free}};
    const char *list = getenv("KUBECONFIG");
    bool read;
    if (explicit_path != NULL) {
        read = add_file(&files, explicit_path, true, error);
    } else if (list != NULL && list[0] != '\0') {
        read = add_list(&files, list, error);
    } else {
        CLEANUP_FREE char *home = file_home();
        CLEANUP_FREE char *path = memory_format("%s/.kube/config", home);
        read = add_file(&files, path, false, error);
    }
    if (!read) {
        kube_files_release(&files);
        return false;
    }
    *ret_files = files;
    return true;
}

const char *kube_files_current(const struct kube_files *files, struct kube_fields *ret_root)
{
    for (size_t i = 0; i < files->files.count; i++) {
        const struct kube_file *file = files->files.items[i];
        const char *name = json_string_value(json_object_get(file->tree, "current-context"));
        if (name != NULL && name[0] != '\0') {
            *ret_root = root_of(file);
            return name;
        }
    }
    return NULL;
}

static const char *name_of(const json_t *item)
{
    const char *name = json_string_value(json_object_get(item, "name"));
    return name == NULL ? "" : name;
}

static bool find_in_file(const struct kube_file *file, const struct section *section, const char *name,
                         struct kube_fields *ret_entry, char **ret_pointer)
{
    const json_t *list = json_object_get(file->tree, section->list);
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *item = json_array_get(list, i);
        if (!text_equal(name_of(item), name))
            continue;
        CLEANUP_FREE char *of_list = yaml_pointer("", section->list);
        CLEANUP_FREE char *of_item = yaml_pointer_index(of_list, i);
        *ret_pointer = yaml_pointer(of_item, section->body);
        *ret_entry = root_of(file);
        ret_entry->object = json_object_get(item, section->body);
        ret_entry->pointer = *ret_pointer;
        return true;
    }
    return false;
}

bool kube_files_find(const struct kube_files *files, enum kube_section section, const char *name,
                     struct kube_fields *ret_entry, char **ret_pointer)
{
    for (size_t i = 0; i < files->files.count; i++) {
        if (find_in_file(files->files.items[i], &sections[section], name, ret_entry, ret_pointer))
            return true;
    }
    return false;
}

char **kube_files_names(const struct kube_files *files, enum kube_section section)
{
    struct map *names = map_new(NULL);
    bool present = true;
    for (size_t i = 0; i < files->files.count; i++) {
        const struct kube_file *file = files->files.items[i];
        const json_t *list = json_object_get(file->tree, sections[section].list);
        for (size_t j = 0; j < json_array_size(list); j++)
            map_put(names, name_of(json_array_get(list, j)), &present);
    }
    size_t count = map_count(names);
    char **texts = memory_new_array(count + 1, sizeof(*texts));
    for (size_t i = 0; i < count; i++) {
        const char *name = NULL;
        map_at(names, i, &name);
        texts[i] = memory_text(name);
    }
    map_free(names);
    return texts;
}

char *kube_files_paths(const struct kube_files *files)
{
    struct text paths = {0};
    for (size_t i = 0; i < files->files.count; i++) {
        CLEANUP_FREE char *shown = text_clean(((const struct kube_file *)files->files.items[i])->path, false, 0);
        text_append_format(&paths, "%s%s", i > 0 ? ", " : "", shown);
    }
    for (size_t i = 0; files->files.count == 0 && i < files->missing.count; i++) {
        CLEANUP_FREE char *shown = text_clean(files->missing.items[i], false, 0);
        text_append_format(&paths, "%s%s", i > 0 ? ", " : "", shown);
    }
    return text_steal(&paths);
}
