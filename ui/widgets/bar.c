/* Block characters; the canvas has stand-ins where the locale has none. */
#include "ui/widgets/bar.h"

void bar_append(struct text *text, double share, int columns)
{
    static const char *const eighths[] = {"", "▏", "▎", "▍", "▌", "▋", "▊", "▉"};
    if (!(share > 0) || columns <= 0)
        return;
    int total = columns * 8;
    int filled = share >= 1 ? total : (int)(share * total + 0.5);
    if (filled == 0)
        filled = 1;
    if (filled == total && share < 1)
        filled = total - 1;
    for (int i = 0; i < filled / 8; i++)
        text_append(text, "█");
    text_append(text, eighths[filled % 8]);
}
