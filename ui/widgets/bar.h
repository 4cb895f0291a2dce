/* A bar of a given share, as text in eighths of a column. */
#pragma once

#include "base/text.h"

/* Appends at most `columns` columns. A share above 0 always shows something, one below 1 is never full. */
void bar_append(struct text *text, double share, int columns);
