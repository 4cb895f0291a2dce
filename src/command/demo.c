#include "command/demo.h"
#include "base/i18n.h"
#include "base/memory.h"
#include "base/text.h"
#include "command/simulate.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include <uv.h>

enum { START_LIMIT_MS = 60000, OUTPUT_LIMIT = 1 << 20 };

struct demo {
    struct loop *loop;
    uv_process_t process;
    uv_pipe_t pipes[3]; /* the child's standard input, output and errors */
    struct text output;
    struct text errors;
    int64_t exit_status;
    bool spawned; /* the handles are there */
    bool exited;
    bool settled; /* ready, or over */
    int memory;   /* the kubeconfig, in a memory file */
    char *path;
    const char *scenario; /* borrowed from the command line */
};

static void allocate(uv_handle_t *handle, size_t suggested, uv_buf_t *buffer)
{
    (void)handle;
    enum { CHUNK = 16384 };
    *buffer = uv_buf_init(memory_new(CHUNK), suggested < CHUNK ? (unsigned)suggested : CHUNK);
}

static void read_text(uv_stream_t *stream, ssize_t size, const uv_buf_t *buffer)
{
    struct demo *demo = stream->data;
    struct text *text = stream == (uv_stream_t *)&demo->pipes[1] ? &demo->output : &demo->errors;
    if (size > 0 && text->size < OUTPUT_LIMIT)
        text_append_bytes(text, buffer->base, (size_t)size);
    if (size < 0)
        uv_read_stop(stream);
    free(buffer->base);
    if (strstr(text_peek(&demo->output), SIMULATE_READY) != NULL)
        demo->settled = true;
}

static void ended(uv_process_t *process, int64_t status, int signal)
{
    struct demo *demo = process->data;
    demo->exit_status = signal != 0 ? 128 + signal : status;
    demo->exited = true;
    demo->settled = true;
}

static bool spawn(struct demo *demo, const char *scenario, struct error *error)
{
    char program[4096];
    size_t size = sizeof program;
    if (uv_exepath(program, &size) != 0)
        return error_set(error, ERROR_INTERNAL, _("the program cannot find its own file"));
    char *arguments[] = {program, "simulate", "--" SIMULATE_UNTIL_STDIN_CLOSES, "--", (char *)scenario, NULL};
    if (scenario == NULL)
        arguments[3] = NULL;
    uv_stdio_container_t streams[3];
    for (int i = 0; i < 3; i++) {
        uv_pipe_init(loop_uv(demo->loop), &demo->pipes[i], 0);
        demo->pipes[i].data = demo;
        streams[i].flags = UV_CREATE_PIPE | (i == 0 ? UV_READABLE_PIPE : UV_WRITABLE_PIPE);
        streams[i].data.stream = (uv_stream_t *)&demo->pipes[i];
    }
    /* A process group of its own: Ctrl-C in the terminal is the console's affair. */
    uv_process_options_t options = {
        .file = program, .args = arguments, .stdio = streams, .stdio_count = 3, .exit_cb = ended, .flags = UV_PROCESS_DETACHED};
    demo->process.data = demo;
    demo->spawned = true; /* also when it fails: libuv wants the handle closed */
    int failed = uv_spawn(loop_uv(demo->loop), &demo->process, &options);
    if (failed != 0) {
        demo->exited = true;
        return error_set(error, ERROR_INTERNAL, _("the embedded cluster could not be started: %s"), uv_strerror(failed));
    }
    uv_read_start((uv_stream_t *)&demo->pipes[1], allocate, read_text);
    uv_read_start((uv_stream_t *)&demo->pipes[2], allocate, read_text);
    return true;
}

static bool keep_kubeconfig(struct demo *demo, struct error *error)
{
    demo->memory = memfd_create("kubeconfig", MFD_CLOEXEC);
    const char *bytes = text_peek(&demo->output);
    if (demo->memory < 0 || write(demo->memory, bytes, demo->output.size) != (ssize_t)demo->output.size)
        return error_set(error, ERROR_INTERNAL, _("the demo's kubeconfig could not be kept in memory: %s"), strerror(errno));
    demo->path = memory_format("/proc/self/fd/%d", demo->memory);
    return true;
}

/* What the child said on standard error already is a sentence for a person, its program's name in front. */
static bool not_started(const struct demo *demo, struct error *error)
{
    if (!demo->exited)
        return error_set(error, ERROR_INTERNAL, _("the embedded cluster did not become ready within %d s"), START_LIMIT_MS / 1000);
    const char *said = text_peek(&demo->errors);
    const char *name = "rollback-console: ";
    if (text_starts(said, name))
        said += strlen(name);
    int status = (int)demo->exit_status;
    enum error_code code = status > ERROR_NONE && status <= ERROR_PLAN_VOID ? (enum error_code)status : ERROR_INTERNAL;
    CLEANUP_FREE char *first = memory_text_part(said, strcspn(said, "\n"));
    error_set(error, code, _("embedded cluster: %s"), first);
    const char *rest = said + strlen(first);
    rest += strspn(rest, "\n ");
    if (*rest != '\0')
        error_hint(error, "%.*s", (int)strcspn(rest, "\n"), rest);
    return false;
}

bool demo_start(struct loop *loop, const char *scenario, struct demo **ret_demo, struct error *error)
{
    struct demo *demo = memory_new(sizeof *demo);
    demo->loop = loop;
    demo->memory = -1;
    demo->scenario = scenario != NULL ? scenario : SIMULATE_DEFAULT_SCENARIO;
    bool ok = spawn(demo, scenario, error);
    if (ok) {
        loop_run_until(loop, &demo->settled, START_LIMIT_MS);
        bool ready = strstr(text_peek(&demo->output), SIMULATE_READY) != NULL;
        ok = ready && !demo->exited ? keep_kubeconfig(demo, error) : not_started(demo, error);
    }
    if (!ok) {
        demo_stop(demo);
        return false;
    }
    *ret_demo = demo;
    return true;
}

const char *demo_kubeconfig(const struct demo *demo)
{
    return demo->path;
}

const char *demo_scenario(const struct demo *demo)
{
    return demo->scenario;
}

static void count_closed(uv_handle_t *handle)
{
    int *open = handle->data;
    (*open)--;
}

static void close_counted(uv_handle_t *handle, int *open)
{
    handle->data = open;
    (*open)++;
    uv_close(handle, count_closed);
}

void demo_stop(struct demo *demo)
{
    if (demo == NULL)
        return;
    int open = 0;
    if (demo->spawned && !demo->exited)
        uv_process_kill(&demo->process, SIGTERM);
    for (int i = 0; demo->spawned && i < 3; i++)
        close_counted((uv_handle_t *)&demo->pipes[i], &open);
    if (demo->spawned)
        close_counted((uv_handle_t *)&demo->process, &open);
    while (open > 0)
        uv_run(loop_uv(demo->loop), UV_RUN_ONCE);
    if (demo->memory >= 0)
        close(demo->memory);
    text_release(&demo->output);
    text_release(&demo->errors);
    free(demo->path);
    free(demo);
}
