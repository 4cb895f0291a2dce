#include "simulator/response.h"
#include "base/tree.h"
#include <string.h>

void response_release(struct response *response)
{
    text_release(&response->body);
    if (response->stream != NULL)
        response->stream->free(response->stream);
    json_decref(response->warnings);
    *response = (struct response){0};
}

static int append_bytes(const char *bytes, size_t size, void *context)
{
    text_append_bytes(context, bytes, size);
    return 0;
}

void response_append(struct text *text, const json_t *tree)
{
    json_dump_callback(tree, append_bytes, text, JSON_COMPACT | JSON_ENCODE_ANY);
}

void response_json(struct response *response, int status, const json_t *tree)
{
    response->status = status;
    response->content_type = "application/json";
    text_clear(&response->body);
    response_append(&response->body, tree);
    text_append_char(&response->body, '\n');
}

void response_text(struct response *response, int status, const char *text)
{
    response->status = status;
    response->content_type = "text/plain; charset=utf-8";
    text_clear(&response->body);
    text_append(&response->body, text);
}

void response_refusal(struct response *response, const struct refusal *refusal)
{
    json_t *status = refusal_status(refusal);
    response_json(response, refusal->code, status);
    json_decref(status);
    response->retry_after_s = tree_integer(tree_get(refusal->details, "retryAfterSeconds"), 0);
}

void response_warn(struct response *response, const char *text)
{
    if (response->warnings == NULL)
        response->warnings = json_array();
    for (size_t i = 0; i < json_array_size(response->warnings); i++)
        if (text_equal(json_string_value(json_array_get(response->warnings, i)), text))
            return;
    json_array_append_new(response->warnings, json_string(text));
}
