/* Requests to the simulated API server, without sockets: whatever they are, each gets an answer, and what is JSON in it
 * can be read. A line "> METHOD TARGET CONTENT-TYPE" begins a request, the lines that follow are its body. */
#include "base/clock.h"
#include "base/memory.h"
#include "base/text.h"
#include "simulator/api.h"
#include "simulator/protobuf.h"
#include "simulator/registry.h"
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define HISTORY 20

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static void check_answer(struct response *response)
{
    struct text stream = {0};
    if (response->status < 200 || response->status > 599)
        abort();
    if (response->stream != NULL) {
        response->stream->fill(response->stream, &stream, 0);
    } else if (strcmp(response->content_type, "application/json") == 0) {
        json_t *tree = json_loadb(response->body.bytes, response->body.size, JSON_ALLOW_NUL, NULL);
        if (tree == NULL)
            abort();
        json_decref(tree);
    }
    text_release(&stream);
}

static void send(const struct api *api, char *line, const char *body, size_t size)
{
    char *save = NULL;
    const char *method = strtok_r(line, " ", &save);
    const char *target = strtok_r(NULL, " ", &save);
    const char *type = strtok_r(NULL, " ", &save);
    struct request request = {.method = memory_text(method != NULL ? method : "GET")};
    struct response response = {0};
    request.body = memory_copy(body, size + 1);
    request.body[size] = '\0';
    request.body_size = size;
    request_add_header(&request, "Authorization", "Bearer token");
    request_add_header(&request, type != NULL && strncmp(type, "as=", 3) == 0 ? "Accept" : "Content-Type", type);
    if (request_set_target(&request, target != NULL ? target : "/")) {
        api_answer(api, &request, &response);
        check_answer(&response);
    }
    request_release(&request);
    response_release(&response);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    struct clock_manual now;
    clock_manual_init(&now, INT64_C(1767225600000));
    struct registry *registry = registry_new(&now.clock, HISTORY);
    struct api api = {.registry = registry, .token = "token", .address = "127.0.0.1:1", .bookmark_ms = 1};
    CLEANUP_FREE char *text = memory_new(size + 2);
    if (size > 0)
        memcpy(text, bytes, size);
    for (char *at = text; *at != '\0';) {
        char *line = at;
        char *body = line + strcspn(line, "\n");
        body += *body == '\n';
        char *next = strstr(body, "\n> ");
        size_t body_size = next != NULL ? (size_t)(next - body) : strlen(body);
        at = body + body_size + (next != NULL);
        if (body > line)
            body[-1] = '\0';
        send(&api, line + (strncmp(line, "> ", 2) == 0 ? 2 : 0), body, body_size);
        registry_step(registry);
    }
    json_t *object = NULL;
    if (protobuf_decode((const char *)bytes, size, &object, NULL))
        json_decref(object);
    registry_free(registry);
    return 0;
}
