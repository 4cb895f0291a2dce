/* Styles to curses attributes, and characters to their stand-ins. */
#include "ui/theme.h"
#include <curses.h>
#include <langinfo.h>
#include <stdlib.h>
#include <string.h>

/* One style at each number of colours; -1 is the terminal's own colour. The 256-colour tones are readable on dark and
 * on light ground. */
struct tone {
    short of_256;
    short of_16;
    short of_8;
    attr_t attributes; /* always */
    attr_t mono;       /* only when there is no colour */
};

static const struct tone tones[STYLE_COUNT] = {
    [STYLE_PLAIN] = {-1, -1, -1, A_NORMAL, A_NORMAL},
    [STYLE_DIM] = {244, 8, -1, A_NORMAL, A_NORMAL},
    [STYLE_STRONG] = {-1, -1, -1, A_BOLD, A_NORMAL},
    [STYLE_RULE] = {242, 8, -1, A_NORMAL, A_NORMAL},
    [STYLE_TITLE] = {32, COLOR_CYAN, COLOR_CYAN, A_BOLD, A_NORMAL},
    [STYLE_HEADING] = {244, COLOR_CYAN, COLOR_CYAN, A_NORMAL, A_NORMAL},
    [STYLE_GOOD] = {34, COLOR_GREEN, COLOR_GREEN, A_NORMAL, A_NORMAL},
    [STYLE_WARN] = {172, COLOR_YELLOW, COLOR_YELLOW, A_NORMAL, A_BOLD},
    [STYLE_BAD] = {203, COLOR_RED, COLOR_RED, A_BOLD, A_BOLD},
    [STYLE_INFO] = {32, COLOR_CYAN, COLOR_CYAN, A_NORMAL, A_NORMAL},
    [STYLE_ADDED] = {34, COLOR_GREEN, COLOR_GREEN, A_NORMAL, A_NORMAL},
    [STYLE_REMOVED] = {203, COLOR_RED, COLOR_RED, A_NORMAL, A_NORMAL},
    [STYLE_KEY] = {-1, -1, -1, A_BOLD, A_NORMAL},
    [STYLE_BADGE] = {172, COLOR_YELLOW, COLOR_YELLOW, A_BOLD | A_REVERSE, A_NORMAL},
};

/* All stand-ins are one column wide, as what they stand for is. */
static const struct {
    uint32_t code;
    char stand_in;
} stand_ins[] = {
    {0x00a0, ' '}, {0x00b7, '-'}, {0x00d7, 'x'}, {0x2013, '-'}, {0x2014, '-'}, {0x2018, '\''}, {0x2019, '\''},
    {0x201c, '"'}, {0x201d, '"'}, {0x2026, '~'}, {0x2190, '<'}, {0x2191, '^'}, {0x2192, '>'},  {0x2193, 'v'},
    {0x2212, '-'}, {0x2264, '<'}, {0x2265, '>'}, {0x2500, '-'}, {0x2502, '|'}, {0x250c, '+'},  {0x2510, '+'},
    {0x2514, '+'}, {0x2518, '+'}, {0x2588, '#'}, {0x2589, '#'}, {0x258a, '#'}, {0x258b, '#'},  {0x258c, '#'},
    {0x258d, '='}, {0x258e, '='}, {0x258f, '='}, {0x25b6, '>'}, {0x25b8, '>'}, {0x2713, '+'},  {0x2717, 'x'},
};

void theme_init(struct theme *theme, enum theme_color color)
{
    const char *no_color = getenv("NO_COLOR");
    bool wanted =
        color == THEME_COLOR_ALWAYS || (color == THEME_COLOR_AUTO && (no_color == NULL || no_color[0] == '\0'));
    theme->utf8 = strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
    theme->colors = 0;
    if (!wanted || !has_colors() || start_color() == ERR)
        return;
    short ground = use_default_colors() == OK ? -1 : COLOR_BLACK;
    theme->colors = COLORS >= 256 ? 256 : COLORS >= 16 ? 16 : 8;
    for (short style = 1; style < STYLE_COUNT; style++) {
        const struct tone *tone = &tones[style];
        short color_number = theme->colors == 256 ? tone->of_256 : theme->colors == 16 ? tone->of_16 : tone->of_8;
        if (color_number < 0 && ground >= 0)
            color_number = COLOR_WHITE;
        init_pair(style, color_number, ground);
    }
}

unsigned long theme_attributes(const struct theme *theme, unsigned style)
{
    unsigned base = style & STYLE_MASK;
    attr_t attributes = tones[base].attributes;
    attributes |= theme->colors > 0 ? (attr_t)COLOR_PAIR((int)base) : tones[base].mono;
    if ((style & STYLE_SELECTED) != 0)
        attributes |= A_REVERSE;
    if ((style & STYLE_MARKED) != 0)
        attributes |= A_UNDERLINE | A_BOLD;
    if ((style & STYLE_FOUND) != 0)
        attributes ^= A_REVERSE;
    return attributes;
}

uint32_t theme_character(const struct theme *theme, uint32_t code)
{
    if (theme->utf8 || code < 0x80)
        return code;
    for (size_t i = 0; i < sizeof stand_ins / sizeof stand_ins[0]; i++)
        if (stand_ins[i].code == code)
            return (uint32_t)(unsigned char)stand_ins[i].stand_in;
    return '?';
}
