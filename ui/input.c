/* Curses' key codes to ours. */
#include "ui/input.h"
#include "base/memory.h"
#include "ui/keys.h"
#include <curses.h>
#include <stdbool.h>

static const struct {
    wint_t code;
    uint32_t key;
} known[] = {
    {KEY_UP, KEYS_UP},          {KEY_DOWN, KEYS_DOWN},           {KEY_LEFT, KEYS_LEFT}, {KEY_RIGHT, KEYS_RIGHT},
    {KEY_PPAGE, KEYS_PAGE_UP},  {KEY_NPAGE, KEYS_PAGE_DOWN},     {KEY_HOME, KEYS_HOME}, {KEY_END, KEYS_END},
    {KEY_BTAB, KEYS_SHIFT_TAB}, {KEY_BACKSPACE, KEYS_BACKSPACE}, {KEY_DC, KEYS_DELETE}, {KEY_IC, KEYS_INSERT},
    {KEY_ENTER, KEYS_ENTER},
};

static uint32_t from_function_key(wint_t code)
{
    for (size_t i = 0; i < LENGTH_OF(known); i++)
        if (known[i].code == code)
            return known[i].key;
    if (code >= KEY_F(1) && code <= KEY_F(12))
        return KEYS_F1 + (uint32_t)(code - KEY_F(1));
    return 0;
}

static uint32_t from_character(wint_t character)
{
    switch (character) {
    case '\n':
        return KEYS_ENTER;
    case 0x7f:
    case '\b':
        return KEYS_BACKSPACE;
    default:
        return (uint32_t)character;
    }
}

uint32_t input_read(void *window)
{
    for (;;) {
        wint_t code = 0;
        int kind = wget_wch((WINDOW *)window, &code);
        if (kind == ERR)
            return 0;
        uint32_t key = kind == KEY_CODE_YES ? from_function_key(code) : from_character(code);
        if (key != 0)
            return key;
    }
}
