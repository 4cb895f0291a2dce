/* The whole session as one JSON document: what `status` prints. */
#pragma once

#include "session/session.h"
#include <jansson.h>

/* Only in SESSION_WATCHING. A new tree, owned by the caller. */
json_t *document_status(struct session *session);
