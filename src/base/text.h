/*
 * Growing text, and what the program does with single texts: cleaning what comes from outside, width on a screen, nearest names.
 *
 * `struct text` owns its bytes, which always end in a NUL that `size` does not count; an empty one may have bytes == NULL.
 */
#pragma once

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct text {
    char *bytes;
    size_t size;
    size_t room;
};

void text_append(struct text *text, const char *addition); /* NULL is nothing */
void text_append_bytes(struct text *text, const void *bytes, size_t size);
void text_append_format(struct text *text, const char *format, ...) __attribute__((format(printf, 2, 3)));
void text_append_format_list(struct text *text, const char *format, va_list arguments) __attribute__((format(printf, 2, 0)));
void text_append_char(struct text *text, char character);
char *text_steal(struct text *text); /* the bytes, owned by the caller; never NULL; text is empty afterwards */
const char *text_peek(const struct text *text); /* never NULL; valid until the next change */
void text_clear(struct text *text);  /* keeps the room */
void text_release(struct text *text);

bool text_equal(const char *a, const char *b); /* two NULLs are equal */
bool text_starts(const char *text, const char *prefix);
bool text_ends(const char *text, const char *suffix);
bool text_matches(const char *text, const char *pattern); /* shell-like: * and ? only */

/* A copy that is safe to draw and print: valid UTF-8; control characters (C0, C1, DEL), bidirectional controls and other invisible
 * formatting characters become visible escapes such as \x1b or \u202e; invalid bytes become \xNN. Newline and tab are
 * escaped too unless `keep_lines`. At most `limit` bytes of input are taken (0: all), then '…'. Owned by the caller. */
char *text_clean(const char *text, bool keep_lines, size_t limit);

/* Whether text_clean() escapes this character (Unicode code point) where lines are not kept. */
bool text_is_deceptive(uint32_t code);

/* Columns that UTF-8 text takes in a terminal (wcwidth; unknown and control characters count 1). Depends on the locale. */
int text_width(const char *text);

/* How many bytes of `text` fit into `columns`, never splitting a character; *ret_width gets the columns they take. */
size_t text_fit(const char *text, int columns, int *ret_width);

/* The names nearest to `wanted` by edit distance, as "'a', 'b' or 'c'" (at most three, only plausible ones), or NULL when none is near.
 * Owned by the caller. */
char *text_nearest(const char *wanted, const char *const *names, size_t count);
