/* What needs a look, the most urgent first: made from the picture, for the top of the overview and for its own view. */
#pragma once

#include "base/array.h"
#include "base/text.h"
#include "ui/actions.h"
#include "ui/scene.h"

enum urgency {
    URGENCY_BLIND,  /* what is shown may be wrong: nothing below can be trusted */
    URGENCY_BROKEN, /* something does not work now */
    URGENCY_UNFINISHED,
    URGENCY_DANGER,  /* a rollback would break something */
    URGENCY_ODD,     /* not as it should be */
    URGENCY_UNKNOWN, /* a part cannot be seen */
};

struct concern {
    enum urgency urgency;
    unsigned style;
    const char *word;  /* translated; says what kind of concern */
    char *text;        /* one sentence */
    enum action where; /* the view that shows more */
};

/* Appends struct concern *, sorted. *ret has its free_item set here; release it with array_release(). */
void concerns_collect(const struct scene *scene, struct array *ret);

/* The line about the change itself: what differs between live and target, or why there is no target. Never a concern of
 * its own. */
void concerns_describe_change(const struct scene *scene, const char **ret_word, unsigned *ret_style, struct text *text);

/* What to say when nothing is of concern: that all is well needs that all is known. */
void concerns_describe_calm(const struct scene *scene, const char **ret_word, unsigned *ret_style, struct text *text);
