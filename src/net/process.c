#include "net/process.h"
#include "base/array.h"
#include "base/i18n.h"
#include "base/memory.h"
#include "base/text.h"
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define OUTPUT_LIMIT ((size_t)1024 * 1024)
#define MERCY_MS     2000 /* between SIGTERM and SIGKILL */
#define LEFTOVER_MS  1000 /* for output that a grandchild still holds open after the child has gone */

enum end_reason { ENDED_BY_ITSELF, ENDED_BY_TIME, ENDED_BY_SIZE };

struct stream {
    uv_pipe_t pipe;
    struct process *process;
    struct text text;
    size_t told; /* bytes of `text` that were handed out as lines */
    bool open;
    char buffer[16384];
};

struct process {
    uv_process_t handle;
    struct loop *loop;
    struct stream output;
    struct stream errors;
    struct loop_timer *timer;
    char *name;
    size_t output_limit;
    int64_t timeout_ms;
    enum end_reason why;
    bool running;
    bool cancelled;
    int status;
    int handles; /* not closed yet */
    void (*on_line)(const char *line, void *context);
    void (*on_done)(const struct process_result *result, void *context);
    void *context;
};

static void free_process(struct process *process)
{
    loop_timer_cancel(process->timer);
    text_release(&process->output.text);
    text_release(&process->errors.text);
    free(process->name);
    free(process);
}

static void report(struct process *process)
{
    struct error error = {0};
    if (process->why == ENDED_BY_TIME)
        error_set(&error, ERROR_UNREACHABLE, _("%s did not finish within %lld seconds and was ended."), process->name,
                  (long long)((process->timeout_ms + 999) / 1000));
    else if (process->why == ENDED_BY_SIZE)
        error_set(&error, ERROR_INVALID, _("%s wrote more than %zu bytes and was ended."), process->name,
                  process->output_limit);
    struct process_result result = {
        .error = error.code != ERROR_NONE ? &error : NULL,
        .status = process->status,
        .output = text_peek(&process->output.text),
        .output_size = process->output.text.size,
        .errors = text_peek(&process->errors.text),
    };
    if (!process->cancelled)
        process->on_done(&result, process->context);
    error_release(&error);
}

/* The last handle is closed: the child is gone and all that it wrote has been read. */
static void on_closed(uv_handle_t *handle)
{
    struct process *process = handle->data;
    if (--process->handles > 0)
        return;
    loop_timer_cancel(STEAL(process->timer));
    if (process->on_done != NULL)
        report(process);
    free_process(process);
}

static void close_stream(struct stream *stream)
{
    if (!stream->open)
        return;
    stream->open = false;
    uv_close((uv_handle_t *)&stream->pipe, on_closed);
}

static void kill_group(const struct process *process, int signal)
{
    if (process->running && process->handle.pid > 0)
        kill(-process->handle.pid, signal); /* the child leads its own group; it may have gone already */
}

static void on_mercy_over(void *context)
{
    kill_group(context, SIGKILL);
}

static void on_leftover(void *context);

static void end_group(struct process *process, enum end_reason why)
{
    if (process->why != ENDED_BY_ITSELF)
        return;
    process->why = why;
    if (!process->running) {
        on_leftover(process);
        return;
    }
    kill_group(process, SIGTERM);
    loop_timer_cancel(process->timer);
    process->timer = loop_timer_start(process->loop, MERCY_MS, 0, on_mercy_over, process);
}

static void on_timeout(void *context)
{
    end_group(context, ENDED_BY_TIME);
}

/* Hands out whole lines; the last one, without its newline, at the end of the stream. */
static void tell_lines(struct process *process, bool ended)
{
    struct stream *stream = &process->output;
    while (process->on_line != NULL && !process->cancelled && stream->told < stream->text.size) {
        char *start = stream->text.bytes + stream->told;
        size_t left = stream->text.size - stream->told;
        char *newline = memchr(start, '\n', left);
        if (newline == NULL && !ended)
            return;
        size_t size = newline != NULL ? (size_t)(newline - start) : left;
        stream->told += newline != NULL ? size + 1 : size;
        CLEANUP_FREE char *line = memory_text_part(start, size);
        process->on_line(line, process->context);
    }
}

static void give_buffer(uv_handle_t *handle, size_t suggested, uv_buf_t *buffer)
{
    (void)suggested;
    struct stream *stream = (struct stream *)handle; /* `pipe` is its first member */
    *buffer = uv_buf_init(stream->buffer, sizeof(stream->buffer));
}

static void on_read(uv_stream_t *handle, ssize_t count, const uv_buf_t *buffer)
{
    struct stream *stream = (struct stream *)handle;
    struct process *process = stream->process;
    if (count < 0) {
        if (stream == &process->output)
            tell_lines(process, true);
        close_stream(stream);
        return;
    }
    size_t size = (size_t)count;
    size_t room = process->output_limit - stream->text.size;
    text_append_bytes(&stream->text, buffer->base, size < room ? size : room);
    if (stream == &process->output)
        tell_lines(process, false);
    if (size > room)
        end_group(process, ENDED_BY_SIZE);
}

static void on_leftover(void *context)
{
    struct process *process = context;
    if (process->output.open)
        tell_lines(process, true);
    close_stream(&process->output);
    close_stream(&process->errors);
}

static void on_exit_of_child(uv_process_t *handle, int64_t exit_status, int signal)
{
    struct process *process = handle->data;
    process->running = false;
    process->status = signal != 0 ? 128 + signal : (int)exit_status;
    if (process->why != ENDED_BY_ITSELF)
        kill(-handle->pid, SIGKILL); /* what it left behind in its group */
    uv_close((uv_handle_t *)handle, on_closed);
    loop_timer_cancel(process->timer);
    process->timer = loop_timer_start(process->loop, process->cancelled ? 0 : LEFTOVER_MS, 0, on_leftover, process);
}

static bool is_named(const char *setting, const char *like)
{
    size_t size = strcspn(like, "=");
    return strncmp(setting, like, size) == 0 && setting[size] == '=';
}

/* This process's environment with `additions` over it; the texts are borrowed. */
static char **merged_environment(const char *const *additions)
{
    struct array settings = {0};
    for (char **setting = environ; setting != NULL && *setting != NULL; setting++) {
        bool replaced = false;
        for (size_t i = 0; additions != NULL && additions[i] != NULL && !replaced; i++)
            replaced = is_named(*setting, additions[i]);
        if (!replaced)
            array_append(&settings, *setting);
    }
    for (size_t i = 0; additions != NULL && additions[i] != NULL; i++)
        array_append(&settings, (void *)(uintptr_t)additions[i]);
    array_append(&settings, NULL);
    return (char **)settings.items;
}

static void open_stream(struct process *process, struct stream *stream)
{
    stream->process = process;
    if (uv_pipe_init(loop_uv(process->loop), &stream->pipe, 0) != 0)
        abort();
    stream->pipe.data = process;
    stream->open = true;
    process->handles++;
}

static int spawn(struct process *process, const struct process_request *request)
{
    open_stream(process, &process->output);
    open_stream(process, &process->errors);
    uv_stdio_container_t streams[3] = {
        {.flags = UV_IGNORE}, /* /dev/null */
        {.flags = UV_CREATE_PIPE | UV_WRITABLE_PIPE, .data.stream = (uv_stream_t *)&process->output.pipe},
        {.flags = UV_CREATE_PIPE | UV_WRITABLE_PIPE, .data.stream = (uv_stream_t *)&process->errors.pipe},
    };
    CLEANUP_FREE char **environment = merged_environment(request->environment);
    uv_process_options_t options = {
        .exit_cb = on_exit_of_child,
        .file = request->arguments[0],
        .args = (char **)(uintptr_t)request->arguments,
        .env = environment,
        .cwd = request->folder,
        .flags = UV_PROCESS_DETACHED, /* a session, and so a group, of its own */
        .stdio_count = 3,
        .stdio = streams,
    };
    process->handles++;
    process->handle.data = process;
    int result = uv_spawn(loop_uv(process->loop), &process->handle, &options);
    process->running = result == 0;
    return result;
}

static void tell_why_not(const struct process_request *request, int result, struct error *error)
{
    const char *name = request->arguments[0];
    if (request->folder != NULL && access(request->folder, X_OK) != 0) {
        error_set(error, ERROR_NOT_FOUND, _("The folder %s, where %s is to run, cannot be entered."), request->folder,
                  name);
    } else if (result == UV_ENOENT) {
        error_set(error, ERROR_NOT_FOUND, _("The program %s was not found."), name);
        error_hint(error,
                   strchr(name, '/') != NULL ? _("Check that %s exists.") : _("Install %s, or add its folder to PATH."),
                   name);
    } else if (result == UV_EACCES) {
        error_set(error, ERROR_NOT_FOUND, _("The program %s may not be executed."), name);
        error_hint(error, _("Check its permissions (chmod +x)."));
    } else {
        error_set(error, ERROR_INTERNAL, _("The program %s could not be started: %s."), name, uv_strerror(result));
    }
}

struct process *process_start(struct loop *loop, const struct process_request *request, struct error *error)
{
    struct process *process = memory_new(sizeof(*process));
    process->loop = loop;
    process->name = memory_text(request->arguments[0]);
    process->output_limit = request->output_limit > 0 ? request->output_limit : OUTPUT_LIMIT;
    process->timeout_ms = request->timeout_ms;
    process->context = request->context;
    int result = spawn(process, request);
    if (result != 0) {
        tell_why_not(request, result, error);
        uv_close((uv_handle_t *)&process->handle, on_closed); /* also after a failed start */
        close_stream(&process->output);
        close_stream(&process->errors);
        return NULL;
    }
    process->on_line = request->on_line;
    process->on_done = request->on_done;
    uv_read_start((uv_stream_t *)&process->output.pipe, give_buffer, on_read);
    uv_read_start((uv_stream_t *)&process->errors.pipe, give_buffer, on_read);
    if (process->timeout_ms > 0)
        process->timer = loop_timer_start(loop, process->timeout_ms, 0, on_timeout, process);
    return process;
}

void process_cancel(struct process *process)
{
    if (process == NULL)
        return;
    process->cancelled = true;
    kill_group(process, SIGKILL);
    if (!process->running)
        on_leftover(process);
}
