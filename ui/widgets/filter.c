/* Words in lines. */
#include "ui/widgets/filter.h"
#include <string.h>

static const char *find_part(const char *text, const char *wanted, size_t size)
{
    for (; *text != '\0'; text++)
        if (strncasecmp(text, wanted, size) == 0)
            return text;
    return NULL;
}

const char *filter_find(const char *text, const char *wanted)
{
    return wanted[0] == '\0' ? NULL : find_part(text, wanted, strlen(wanted));
}

bool filter_accepts(const char *filter, const char *line)
{
    while (*filter != '\0') {
        size_t size = strcspn(filter, " ");
        bool refuse = filter[0] == '!';
        const char *word = filter + refuse;
        size_t word_size = size - refuse;
        if (size > 0 && word_size > 0 && (find_part(line, word, word_size) != NULL) == refuse)
            return false;
        filter += size + (filter[size] == ' ');
    }
    return true;
}
