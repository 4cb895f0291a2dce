/*
 * How things look: styles with a meaning, drawn with 256, 16 or 8 colours, or with attributes alone. Colour only ever
 * repeats what words and symbols already say. In a locale without UTF-8 every glyph has an ASCII stand-in of the same
 * width.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

enum style {
    STYLE_PLAIN,
    STYLE_DIM,
    STYLE_STRONG,
    STYLE_RULE, /* lines between panes */
    STYLE_TITLE,
    STYLE_HEADING, /* a column's or chapter's */
    STYLE_GOOD,
    STYLE_WARN,
    STYLE_BAD,
    STYLE_INFO,
    STYLE_ADDED,
    STYLE_REMOVED,
    STYLE_KEY,
    STYLE_BADGE, /* DRILL, READ-ONLY: unmistakable */
    STYLE_COUNT,

    STYLE_MASK = 0xff,
    STYLE_SELECTED = 0x100, /* may be added to any of the above */
    STYLE_MARKED = 0x200,   /* changed a moment ago */
    STYLE_FOUND = 0x400,    /* a place that a search found */
};

enum theme_color { THEME_COLOR_AUTO, THEME_COLOR_ALWAYS, THEME_COLOR_NEVER };

struct theme {
    bool utf8;
    int colors; /* 0: attributes alone */
};

/* After the terminal is open. AUTO: colours unless NO_COLOR is set and not empty. */
void theme_init(struct theme *theme, enum theme_color color);

/* The curses attributes of a style (with its flags). */
unsigned long theme_attributes(const struct theme *theme, unsigned style);

/* What is drawn for a character: itself, or its stand-in where the locale has none. */
uint32_t theme_character(const struct theme *theme, uint32_t code);
