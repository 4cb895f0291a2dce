/* Translation marks. Every string that a person may read goes through _(); N_() marks one that is translated later. */
#pragma once

#include <libintl.h>

#define _(text) gettext(text)
#define N_(text) text
