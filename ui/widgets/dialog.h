/* A question in a box over the body. Nothing is the answer but the two keys that it names; going on as before is the
 * default. */
#pragma once

#include "ui/canvas.h"
#include "ui/keys.h"

struct dialog {
    const char *title;
    const char *text;
    const char *yes; /* what confirming does */
    const char *no;
};

void dialog_draw(const struct dialog *dialog, const struct keys *keys, struct canvas *body);
