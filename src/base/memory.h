/* Allocation that aborts when memory is out, with sizes checked, and the three cleanup helpers: free, close, steal. */
#pragma once

#include <stddef.h>

void *memory_new(size_t size); /* zeroed; free() it */
void *memory_new_array(size_t count, size_t size); /* zeroed; aborts when count * size overflows */
void *memory_resize(void *block, size_t count, size_t size); /* new part is not zeroed */
void *memory_copy(const void *block, size_t size);
char *memory_text(const char *text);               /* strdup; NULL gives NULL */
char *memory_text_part(const char *text, size_t size); /* at most `size` bytes of text, terminated */
char *memory_format(const char *format, ...) __attribute__((format(printf, 1, 2)));

void memory_free_pointer(void *pointer); /* for CLEANUP_FREE */
void memory_close_pointer(int *fd);      /* for CLEANUP_CLOSE; negative is left alone */

#define CLEANUP_FREE  __attribute__((cleanup(memory_free_pointer)))
#define CLEANUP_CLOSE __attribute__((cleanup(memory_close_pointer)))

/* Take a pointer's value and leave NULL behind: `return STEAL(name);` */
#define STEAL(pointer)                                                                                                 \
    ({                                                                                                                 \
        __typeof__(pointer) stolen_ = (pointer);                                                                       \
        (pointer) = NULL;                                                                                              \
        stolen_;                                                                                                       \
    })

#define LENGTH_OF(array) (sizeof(array) / sizeof((array)[0]))
