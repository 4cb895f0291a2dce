/* Bodies of requests as trees, whatever form they come in. */
#pragma once

#include "base/error.h"
#include "simulator/request.h"
#include <jansson.h>
#include <stdbool.h>

bool body_is(const struct request *request, const char *type); /* is that its Content-Type, parameters aside? */

/* A form that objects may come in: JSON (also when nothing is said), YAML, or protobuf for built-in kinds. */
bool body_is_object_form(const struct request *request, bool built_in);

/* Read it as its Content-Type says; with `yaml` as YAML whatever that says (JSON is YAML, too). ERROR_INVALID. */
bool body_read(const struct request *request, bool yaml, json_t **ret_tree, struct error *error);
