/*
 * Which key means which action. The defaults come from the table of actions; a keys file changes them, one line an
 * action:
 *
 *     # action      keys, apart by spaces; "none" takes all of them away
 *     next-change   ] Ctrl-N
 *
 * A key is a number: a character's code, a control character, or one of the special keys below.
 */
#pragma once

#include "base/error.h"
#include "base/text.h"
#include "ui/actions.h"
#include <stdbool.h>
#include <stdint.h>

enum key_special {
    KEYS_ENTER = 0x0d,
    KEYS_TAB = 0x09,
    KEYS_ESCAPE = 0x1b,
    KEYS_UP = 0x110000, /* beyond the last character */
    KEYS_DOWN,
    KEYS_LEFT,
    KEYS_RIGHT,
    KEYS_PAGE_UP,
    KEYS_PAGE_DOWN,
    KEYS_HOME,
    KEYS_END,
    KEYS_SHIFT_TAB,
    KEYS_BACKSPACE,
    KEYS_DELETE,
    KEYS_INSERT,
    KEYS_F1, /* F2 … F12 follow */
    KEYS_F12 = KEYS_F1 + 11,
};

#define KEYS_NAME_SIZE 24

/* "q", "é", "Space", "Ctrl-F", "PageUp", "F5". */
bool keys_parse_name(const char *name, uint32_t *ret_key);
void keys_format_name(uint32_t key, char buffer[KEYS_NAME_SIZE]);

struct keys;

struct keys *keys_new(void); /* with the default keys */
void keys_free(struct keys *keys);

/* Change bindings as a file says; a key is taken away from the action that had it. ERROR_INVALID names "source:line".
 */
bool keys_load(struct keys *keys, const char *path, struct error *error);
bool keys_parse(struct keys *keys, const char *source, const char *bytes, struct error *error);

/* What a key means in a scope; where lists and texts say nothing, everywhere counts. ACTION_NONE: nothing. */
enum action keys_action(const struct keys *keys, enum action_scope scope, uint32_t key);

/* The keys of an action, as people write them, with `separator` between; "" when it has none. */
void keys_append(const struct keys *keys, enum action action, const char *separator, struct text *text);
void keys_append_first(const struct keys *keys, enum action action, struct text *text);

/* The table as a keys file, and as the chapter of the manual page (roff). Owned by the caller. */
char *keys_default_file(void);
char *keys_manual(void);
