/* One line that is typed at the bottom of the screen. */
#pragma once

#include "base/text.h"
#include "ui/actions.h"
#include "ui/canvas.h"
#include <stdbool.h>
#include <stdint.h>

/* Embedded. Start with zeros. */
struct prompt {
    struct text line;
};

void prompt_release(struct prompt *prompt);
void prompt_clear(struct prompt *prompt);

/* A key that means no action is typed, when it is a character. true: the line has changed. */
bool prompt_type(struct prompt *prompt, uint32_t key);
bool prompt_act(struct prompt *prompt, enum action action); /* erasing; true: the line has changed */

/* "/words_": the end is shown when the line is too long. */
void prompt_draw(const struct prompt *prompt, const char *lead, struct canvas *canvas);
