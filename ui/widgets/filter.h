/* Which lines a filter lets through: all words must be in the line, whatever their case; '!word' must not be. */
#pragma once

#include <stdbool.h>

bool filter_accepts(const char *filter, const char *line);

/* The place of `wanted` in `text`, whatever the case of ASCII letters; NULL: not there. */
const char *filter_find(const char *text, const char *wanted);
