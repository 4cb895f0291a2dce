#include "base/file.h"
#include "base/i18n.h"
#include "base/memory.h"
#include "base/text.h"
#include <errno.h>
#include <fcntl.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define PROGRAM_FOLDER "rollback-console"
#define PORTION        65536

static bool fail(const char *path, int number, struct error *error)
{
    CLEANUP_FREE char *shown = text_clean(path, false, 1024);
    if (number == ENOENT || number == ENOTDIR)
        return error_set(error, ERROR_NOT_FOUND, _("%s: there is no such file"), shown);
    return error_set(error, ERROR_INVALID, _("%s: it cannot be read: %s"), shown, strerror(number));
}

/* Reads to the end; a pipe has no size beforehand, and a file may grow meanwhile. */
static bool read_all(int fd, const char *path, size_t limit, struct text *bytes, struct error *error)
{
    char portion[PORTION];
    for (;;) {
        ssize_t got = read(fd, portion, sizeof portion);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return fail(path, errno, error);
        if (got == 0)
            return true;
        if ((size_t)got > limit - bytes->size) {
            CLEANUP_FREE char *shown = text_clean(path, false, 1024);
            return error_set(error, ERROR_INVALID, _("%s: the file is larger than the %zu bytes that are read at most"),
                             shown, limit);
        }
        text_append_bytes(bytes, portion, (size_t)got);
    }
}

bool file_read(const char *path, size_t limit, char **ret_bytes, size_t *ret_size, struct error *error)
{
    CLEANUP_CLOSE int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    struct stat about;
    if (fd < 0 || fstat(fd, &about) != 0)
        return fail(path, errno, error);
    if (S_ISDIR(about.st_mode))
        return fail(path, EISDIR, error);
    struct text bytes = {0};
    if (!read_all(fd, path, limit, &bytes, error)) {
        text_release(&bytes);
        return false;
    }
    *ret_size = bytes.size;
    *ret_bytes = text_steal(&bytes);
    return true;
}

char *file_home(void)
{
    const char *home = getenv("HOME");
    if (home != NULL && home[0] != '\0')
        return memory_text(home);
    char buffer[4096];
    struct passwd entry;
    struct passwd *found = NULL;
    if (getpwuid_r(getuid(), &entry, buffer, sizeof buffer, &found) == 0 && found != NULL)
        return memory_text(found->pw_dir);
    return memory_text("/");
}

char *file_resolve(const char *base_file, const char *path)
{
    if (text_starts(path, "~/")) {
        CLEANUP_FREE char *home = file_home();
        return memory_format("%s/%s", home, path + 2);
    }
    const char *slash = base_file == NULL ? NULL : strrchr(base_file, '/');
    if (path[0] == '/' || slash == NULL)
        return memory_text(path);
    return memory_format("%.*s%s", (int)(slash + 1 - base_file), base_file, path);
}

/* The XDG base directory specification: a relative path in the variable counts as not set. */
static char *xdg_folder(const char *variable, const char *below_home)
{
    const char *folder = getenv(variable);
    if (folder != NULL && folder[0] == '/')
        return memory_format("%s/" PROGRAM_FOLDER, folder);
    CLEANUP_FREE char *home = file_home();
    return memory_format("%s/%s/" PROGRAM_FOLDER, home, below_home);
}

char *file_state_folder(void)
{
    return xdg_folder("XDG_STATE_HOME", ".local/state");
}

char *file_config_folder(void)
{
    return xdg_folder("XDG_CONFIG_HOME", ".config");
}

/* The file of the source tree when the program stands in a build tree (which config.status shows): built in place, or in a folder of the source
 * tree as bootstrap does. NULL when it does not. */
static char *data_in_build_tree(const char *name)
{
    static const char *const folders[] = {"data", "../data"};
    char program[4096];
    ssize_t size = readlink("/proc/self/exe", program, sizeof program - 1);
    if (size <= 0)
        return NULL;
    program[size] = '\0';
    CLEANUP_FREE char *sign = file_resolve(program, "config.status");
    for (size_t i = 0; i < LENGTH_OF(folders) && access(sign, F_OK) == 0; i++) {
        CLEANUP_FREE char *relative = memory_format("%s/%s", folders[i], name);
        CLEANUP_FREE char *path = file_resolve(program, relative);
        if (access(path, R_OK) == 0)
            return STEAL(path);
    }
    return NULL;
}

char *file_data(const char *name)
{
    const char *folder = getenv("ROLLBACK_CONSOLE_DATA");
    if (folder != NULL && folder[0] != '\0')
        return memory_format("%s/%s", folder, name);
    char *path = data_in_build_tree(name);
    return path != NULL ? path : memory_format("%s/%s", PKGDATADIR, name);
}
