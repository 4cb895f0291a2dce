/* Keys out of what a terminal sends. */
#pragma once

#include <stdint.h>

/* The next key that is there (see keys.h), 0 when there is none; `window` is a curses window with keypad and without
 * delay. */
uint32_t input_read(void *window);
