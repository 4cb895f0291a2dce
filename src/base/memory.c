#include "base/memory.h"
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void *memory_new(size_t size)
{
    return memory_new_array(1, size);
}

void *memory_new_array(size_t count, size_t size)
{
    /* calloc() checks the product itself; one byte keeps NULL for "out of memory" alone. */
    void *block = count == 0 || size == 0 ? calloc(1, 1) : calloc(count, size);
    if (block == NULL)
        abort();
    return block;
}

void *memory_resize(void *block, size_t count, size_t size)
{
    void *resized = count == 0 || size == 0 ? realloc(block, 1) : reallocarray(block, count, size);
    if (resized == NULL)
        abort();
    return resized;
}

void *memory_copy(const void *block, size_t size)
{
    void *copy = memory_new(size);
    if (size > 0)
        memcpy(copy, block, size);
    return copy;
}

char *memory_text(const char *text)
{
    return text == NULL ? NULL : memory_copy(text, strlen(text) + 1);
}

char *memory_text_part(const char *text, size_t size)
{
    size_t length = strnlen(text, size);
    if (length == SIZE_MAX)
        abort();
    char *copy = memory_new(length + 1);
    memcpy(copy, text, length);
    return copy;
}

char *memory_format(const char *format, ...)
{
    char *text = NULL;
    va_list arguments;
    va_start(arguments, format);
    int size = vasprintf(&text, format, arguments);
    va_end(arguments);
    if (size < 0)
        abort();
    return text;
}

void memory_free_pointer(void *pointer)
{
    free(*(void **)pointer);
}

void memory_close_pointer(int *fd)
{
    if (*fd >= 0)
        close(*fd);
}
