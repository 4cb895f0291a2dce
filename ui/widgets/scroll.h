/* Scrolling, as pure arithmetic. */
#pragma once

#include "base/text.h"
#include "ui/actions.h"
#include <stdbool.h>
#include <stddef.h>

/* The first row to show so that `selected` is seen, moving as little as possible, and no empty rows stay at the end. */
size_t scroll_follow(size_t top, size_t selected, size_t rows, size_t count);

/* Move a position by one of the moving actions; false: the action does not move. */
bool scroll_move(enum action action, size_t *position, size_t rows, size_t count);

/* "3–9 of 27"; nothing when all is seen. */
void scroll_note(size_t top, size_t rows, size_t count, struct text *note);
