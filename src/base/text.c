#include "base/text.h"
#include "base/memory.h"
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Room for `more` bytes and the NUL, doubling so that appending stays linear. */
static void reserve(struct text *text, size_t more)
{
    size_t needed = 0;
    if (__builtin_add_overflow(text->size, more, &needed) || __builtin_add_overflow(needed, (size_t)1, &needed))
        abort();
    if (needed <= text->room)
        return;
    size_t room = text->room < 32 ? 64 : text->room;
    while (room < needed) {
        if (room > SIZE_MAX / 2)
            abort();
        room *= 2;
    }
    text->bytes = memory_resize(text->bytes, room, 1);
    text->room = room;
}

void text_append(struct text *text, const char *addition)
{
    if (addition != NULL)
        text_append_bytes(text, addition, strlen(addition));
}

void text_append_bytes(struct text *text, const void *bytes, size_t size)
{
    reserve(text, size);
    if (size > 0)
        memcpy(text->bytes + text->size, bytes, size);
    text->size += size;
    text->bytes[text->size] = '\0';
}

void text_append_char(struct text *text, char character)
{
    text_append_bytes(text, &character, 1);
}

void text_append_format(struct text *text, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    text_append_format_list(text, format, arguments);
    va_end(arguments);
}

void text_append_format_list(struct text *text, const char *format, va_list arguments)
{
    va_list again;
    va_copy(again, arguments);
    int size = vsnprintf(NULL, 0, format, arguments);
    if (size < 0)
        abort();
    reserve(text, (size_t)size);
    vsnprintf(text->bytes + text->size, (size_t)size + 1, format, again);
    va_end(again);
    text->size += (size_t)size;
}

char *text_steal(struct text *text)
{
    reserve(text, 0);
    text->bytes[text->size] = '\0';
    char *bytes = text->bytes;
    *text = (struct text){0};
    return bytes;
}

const char *text_peek(const struct text *text)
{
    return text->bytes != NULL ? text->bytes : "";
}

void text_clear(struct text *text)
{
    text->size = 0;
    if (text->bytes != NULL)
        text->bytes[0] = '\0';
}

void text_release(struct text *text)
{
    free(text->bytes);
    *text = (struct text){0};
}

bool text_equal(const char *a, const char *b)
{
    return a == b || (a != NULL && b != NULL && strcmp(a, b) == 0);
}

bool text_starts(const char *text, const char *prefix)
{
    return strncmp(text, prefix, strlen(prefix)) == 0;
}

bool text_ends(const char *text, const char *suffix)
{
    size_t size = strlen(text);
    size_t suffix_size = strlen(suffix);
    return size >= suffix_size && memcmp(text + size - suffix_size, suffix, suffix_size) == 0;
}

/* The start of the next character; bytes that are not UTF-8 count one each. */
static const char *next_character(const char *text)
{
    text++;
    while (((unsigned char)*text & 0xc0) == 0x80)
        text++;
    return text;
}

bool text_matches(const char *text, const char *pattern)
{
    /* On a mismatch only the last star has to take one byte more, so hostile patterns cost length times length at most.
     */
    const char *star = NULL;
    const char *taken = NULL;
    while (*text != '\0') {
        if (*pattern == '*') {
            star = ++pattern;
            taken = text;
        } else if (*pattern == '?') {
            text = next_character(text);
            pattern++;
        } else if (*pattern == *text) {
            text++;
            pattern++;
        } else if (star != NULL) {
            pattern = star;
            text = ++taken;
        } else {
            return false;
        }
    }
    while (*pattern == '*')
        pattern++;
    return *pattern == '\0';
}
