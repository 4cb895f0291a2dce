#include "playbook/library.h"
#include "base/array.h"
#include "base/file.h"
#include "base/i18n.h"
#include "base/memory.h"
#include "base/text.h"
#include <dirent.h>
#include <stdlib.h>
#include <string.h>

#define FILES_LIMIT 500 /* of one folder; more is not a folder of playbooks */

struct item {
    struct playbook_library_entry entry;
    char *name; /* what entry.name and entry.path point to */
    char *path;
    struct playbook *playbook;
    struct error error;
};

struct playbook_library {
    struct array items;
};

static void free_item(void *pointer)
{
    struct item *item = pointer;
    playbook_free(item->playbook);
    error_release(&item->error);
    free(item->name);
    free(item->path);
    free(item);
}

static bool is_playbook_file(const char *name)
{
    return name[0] != '.' && (text_ends(name, ".yaml") || text_ends(name, ".yml"));
}

/* "documentdb" of "/x/documentdb.yaml". */
static char *name_of_file(const char *path)
{
    const char *slash = strrchr(path, '/');
    const char *base = slash == NULL ? path : slash + 1;
    const char *dot = strrchr(base, '.');
    return memory_text_part(base, dot == NULL ? strlen(base) : (size_t)(dot - base));
}

static struct item *load_item(const char *path)
{
    struct item *item = memory_new(sizeof *item);
    bool loaded = playbook_load(path, &item->playbook, NULL, &item->error);
    item->path = memory_text(path);
    item->name = loaded ? memory_text(item->playbook->name) : name_of_file(path);
    item->entry = (struct playbook_library_entry){
        .name = item->name,
        .path = item->path,
        .title = loaded ? item->playbook->title : "",
        .playbook = item->playbook,
        .error = loaded ? NULL : item->error.message,
    };
    return item;
}

static struct item *find_item(const struct playbook_library *library, const char *name)
{
    for (size_t i = 0; i < library->items.count; i++) {
        struct item *item = library->items.items[i];
        if (strcmp(item->name, name) == 0)
            return item;
    }
    return NULL;
}

static int compare_texts(const void *a, const void *b)
{
    return strcmp(a, b);
}

/* The folder's files in the order of their names; none when there is no such folder. */
static void list_files(const char *folder, struct array *names)
{
    DIR *open_folder = opendir(folder);
    if (open_folder == NULL)
        return;
    for (const struct dirent *file = readdir(open_folder); file != NULL && names->count < FILES_LIMIT;
         file = readdir(open_folder))
        if (is_playbook_file(file->d_name))
            array_append(names, memory_text(file->d_name));
    closedir(open_folder);
    array_sort(names, compare_texts);
}

static void load_folder(struct playbook_library *library, const char *folder)
{
    struct array names = {.free_item = free};
    list_files(folder, &names);
    for (size_t i = 0; i < names.count; i++) {
        CLEANUP_FREE char *path = memory_format("%s/%s", folder, (const char *)names.items[i]);
        struct item *item = load_item(path);
        if (find_item(library, item->name) == NULL)
            array_append(&library->items, item);
        else
            free_item(item);
    }
    array_release(&names);
}

struct playbook_library *playbook_library_load(void)
{
    struct playbook_library *library = memory_new(sizeof *library);
    library->items.free_item = free_item;
    const char *path = getenv("ROLLBACK_CONSOLE_PLAYBOOKS");
    while (path != NULL && *path != '\0') {
        size_t size = strcspn(path, ":");
        CLEANUP_FREE char *folder = memory_text_part(path, size);
        if (size > 0)
            load_folder(library, folder);
        path += size + (path[size] == ':');
    }
    CLEANUP_FREE char *config = file_config_folder();
    CLEANUP_FREE char *own = memory_format("%s/playbooks", config);
    CLEANUP_FREE char *shipped = file_data("playbooks");
    load_folder(library, own);
    load_folder(library, shipped);
    return library;
}

void playbook_library_free(struct playbook_library *library)
{
    if (library == NULL)
        return;
    array_release(&library->items);
    free(library);
}

size_t playbook_library_count(const struct playbook_library *library)
{
    return library->items.count;
}

const struct playbook_library_entry *playbook_library_at(const struct playbook_library *library, size_t index)
{
    const struct item *item = library->items.items[index];
    return &item->entry;
}

static bool fail_unknown(const struct playbook_library *library, const char *name, struct error *error)
{
    size_t count = library->items.count;
    const char **names = memory_new_array(count, sizeof *names);
    for (size_t i = 0; i < count; i++)
        names[i] = playbook_library_at(library, i)->name;
    CLEANUP_FREE char *nearest = text_nearest(name, names, count);
    CLEANUP_FREE char *shown = text_clean(name, false, 80);
    free(names);
    error_set(error, ERROR_NOT_FOUND, _("there is no playbook '%s'"), shown);
    if (nearest != NULL)
        return error_hint(error, _("did you mean %s?"), nearest);
    return error_hint(error, _("'rollback-console playbook list' names those that are installed"));
}

bool playbook_library_find(struct playbook_library *library, const char *name_or_path,
                           const struct playbook **ret_playbook, struct error *error)
{
    struct item *item = NULL;
    if (strchr(name_or_path, '/') != NULL || is_playbook_file(name_or_path)) {
        item = load_item(name_or_path);
        array_append(&library->items, item);
    } else {
        item = find_item(library, name_or_path);
    }
    if (item == NULL)
        return fail_unknown(library, name_or_path, error);
    if (item->playbook == NULL) {
        error_copy(error, &item->error);
        return false;
    }
    *ret_playbook = item->playbook;
    return true;
}

const struct playbook *playbook_library_match(const struct playbook_library *library,
                                              const struct playbook_release *release)
{
    const struct playbook *best = NULL;
    unsigned most = 0;
    for (size_t i = 0; i < library->items.count; i++) {
        const struct playbook *playbook = playbook_library_at(library, i)->playbook;
        unsigned weight = playbook == NULL ? 0 : playbook_match(playbook, release);
        if (weight > most) {
            best = playbook;
            most = weight;
        }
    }
    return best;
}
