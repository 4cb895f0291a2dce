#include "kubeconfig_table.h"
#include "base/base64.h"
#include "base/file.h"
#include "base/memory.h"
#include "base/text.h"
#include <ftw.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define TABLE_LIMIT ((size_t)1 << 20)

/* Check's own assertions do not work before a test runs, and the cases are counted then. */
static void require(bool holds, const char *what)
{
    if (holds)
        return;
    fprintf(stderr, "kubeconfigs.txt: %s\n", what);
    abort();
}

/* The source folder is given relative to the build folder, where every test begins, so it is looked up before the first
 * chdir(). */
static const char *source_folder(void)
{
    static char folder[PATH_MAX];
    const char *given = getenv("srcdir");
    if (folder[0] == '\0')
        require(realpath(given != NULL ? given : ".", folder) != NULL, "srcdir");
    return folder;
}

char *table_data(const char *name)
{
    return memory_format("%s/tests/data/kube/%s", source_folder(), name);
}

char *table_read(const char *path)
{
    char *bytes = NULL;
    size_t size = 0;
    require(file_read(path, TABLE_LIMIT, &bytes, &size, NULL), path);
    return bytes;
}

void table_write(const char *path, const char *text, int mode)
{
    CLEANUP_FREE char *folder = memory_text(path);
    for (char *slash = strchr(folder + 1, '/'); slash != NULL; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        mkdir(folder, 0700);
        *slash = '/';
    }
    FILE *file = fopen(path, "w");
    require(file != NULL && fputs(text, file) >= 0 && fclose(file) == 0 && chmod(path, (mode_t)mode) == 0, path);
}

static int remove_entry(const char *path, const struct stat *about, int kind, struct FTW *level)
{
    (void)about, (void)kind, (void)level;
    return remove(path);
}

/* Each test is a process of its own, so its folder goes when it ends. */
static char *test_folder;

static void remove_folder(void)
{
    nftw(test_folder, remove_entry, 8, FTW_DEPTH | FTW_PHYS);
    free(test_folder);
}

char *table_folder(void)
{
    char folder[] = "/tmp/rollback-console-test-XXXXXX";
    source_folder();
    require(mkdtemp(folder) != NULL && chdir(folder) == 0, folder);
    if (test_folder == NULL)
        atexit(remove_folder);
    else
        remove_folder();
    test_folder = memory_text(folder);
    return memory_text(folder);
}

static const char *next_line(const char *line)
{
    const char *end = strchr(line, '\n');
    return end == NULL ? line + strlen(line) : end + 1;
}

static const char *find_case(const char *table, size_t index)
{
    for (const char *line = table; *line != '\0'; line = next_line(line)) {
        if (text_starts(line, "==== ") && index-- == 0)
            return line;
    }
    return NULL;
}

size_t table_count(void)
{
    CLEANUP_FREE char *path = table_data("kubeconfigs.txt");
    CLEANUP_FREE char *table = table_read(path);
    size_t count = 0;
    while (find_case(table, count) != NULL)
        count++;
    return count;
}

/* What a {{word}} stands for. */
static char *placeholder(const char *word, const char *folder)
{
    if (text_equal(word, "server"))
        return memory_text("https://127.0.0.1:27463");
    if (text_equal(word, "plain"))
        return memory_text("http://127.0.0.1:27464");
    if (text_equal(word, "plain-host"))
        return memory_text("127.0.0.1:27464");
    if (text_equal(word, "folder"))
        return memory_text(folder);
    if (text_starts(word, "digest "))
        return memory_text("of what the plugin was told");
    CLEANUP_FREE char *name = memory_format("pki/%s", word);
    CLEANUP_FREE char *path = table_data(name);
    CLEANUP_FREE char *bytes = table_read(path);
    return base64_encode(bytes, strlen(bytes));
}

static char *fill(const char *text, size_t size, const char *folder)
{
    struct text filled = {0};
    CLEANUP_FREE char *part = memory_text_part(text, size);
    for (const char *rest = part; *rest != '\0';) {
        const char *open = strstr(rest, "{{");
        const char *close = open == NULL ? NULL : strstr(open, "}}");
        /* Braces of YAML and JSON stand for themselves. */
        bool is_word = close != NULL && strcspn(open + 2, "{\n:,\"") > (size_t)(close - open - 2);
        size_t plain = open == NULL ? strlen(rest) : (size_t)(open - rest) + (is_word ? 0 : 1);
        text_append_bytes(&filled, rest, plain);
        rest += plain;
        if (is_word) {
            CLEANUP_FREE char *word = memory_text_part(open + 2, (size_t)(close - open - 2));
            CLEANUP_FREE char *value = placeholder(word, folder);
            text_append(&filled, value);
            rest = close + 2;
        }
    }
    return text_steal(&filled);
}

static json_t *parse(const char *text)
{
    json_error_t where;
    json_t *tree = json_loads(text, 0, &where);
    require(tree != NULL, where.text);
    return tree;
}

static void set_environment(const json_t *run, const char *folder)
{
    const char *list = json_string_value(json_object_get(run, "KUBECONFIG"));
    setenv("KUBECONFIG", list != NULL ? list : "config", 1);
    setenv("HOME", folder, 1);
    unsetenv("KUBERNETES_SERVICE_HOST");
    unsetenv("KUBERNETES_SERVICE_PORT");
}

void table_prepare(size_t index, char **ret_name, json_t **ret_run, json_t **ret_expect)
{
    CLEANUP_FREE char *path = table_data("kubeconfigs.txt");
    CLEANUP_FREE char *pki = table_data("pki");
    CLEANUP_FREE char *table = table_read(path);
    CLEANUP_FREE char *folder = table_folder();
    require(symlink(pki, "pki") == 0, pki);
    const char *line = find_case(table, index);
    *ret_name = memory_text_part(line + 5, strcspn(line + 5, "\n"));
    *ret_run = NULL;
    *ret_expect = NULL;
    line = next_line(line);
    while (text_starts(line, "---- ")) {
        CLEANUP_FREE char *name = memory_text_part(line + 5, strcspn(line + 5, "\n"));
        const char *start = next_line(line);
        for (line = start; *line != '\0' && !text_starts(line, "---- ") && !text_starts(line, "==== ");)
            line = next_line(line);
        CLEANUP_FREE char *text = fill(start, (size_t)(line - start), folder);
        if (text_equal(name, "run"))
            *ret_run = parse(text);
        else if (text_equal(name, "expect"))
            *ret_expect = parse(text);
        else
            table_write(name, text, text_starts(text, "#!") ? 0700 : 0600);
    }
    require(*ret_expect != NULL, *ret_name);
    set_environment(*ret_run, folder);
}
