#include "simulator/body.h"
#include "base/tree.h"
#include "base/yaml.h"
#include "simulator/protobuf.h"
#include <string.h>
#include <strings.h>

#define YAML "application/yaml"

bool body_is(const struct request *request, const char *type)
{
    const char *given = request_header(request, "Content-Type");
    size_t length = given != NULL ? strcspn(given, "; \t") : 0;
    return length == strlen(type) && strncasecmp(given, type, length) == 0;
}

bool body_is_object_form(const struct request *request, bool built_in)
{
    const char *given = request_header(request, "Content-Type");
    return given == NULL || given[0] == '\0' || body_is(request, "application/json") || body_is(request, YAML) ||
           (built_in && body_is(request, PROTOBUF_CONTENT_TYPE));
}

bool body_read(const struct request *request, bool yaml, json_t **ret_tree, struct error *error)
{
    const char *bytes = request->body != NULL ? request->body : "";
    if (body_is(request, PROTOBUF_CONTENT_TYPE))
        return protobuf_decode(bytes, request->body_size, ret_tree, error);
    if ((yaml || body_is(request, YAML)) && bytes[strspn(bytes, " \t\r\n")] != '{')
        return yaml_parse(YAML_KUBERNETES, "body", bytes, request->body_size, ret_tree, NULL, error);
    return tree_parse(bytes, request->body_size, ret_tree, error);
}
