/* The forms that texts of a playbook must have. */
#include "playbook/check.h"
#include <string.h>

#define LOWER_DIGITS "abcdefghijklmnopqrstuvwxyz0123456789"
#define LETTERS      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"

/* One label of a DNS name: it begins and ends with a letter or a digit. */
static bool is_dns_label(const char *text, size_t size)
{
    return size > 0 && size <= 63 && text[0] != '-' && text[size - 1] != '-' && strspn(text, LOWER_DIGITS "-") >= size;
}

bool check_is_dns_name(const char *text)
{
    if (strlen(text) > 253)
        return false;
    for (;;) {
        size_t size = strcspn(text, ".");
        if (!is_dns_label(text, size))
            return false;
        if (text[size] == '\0')
            return true;
        text += size + 1;
    }
}

bool check_is_dotted_path(const char *text)
{
    size_t size = strlen(text);
    return size > 0 && size <= 253 && strspn(text, LETTERS "-_.") == size && text[0] != '.' && text[size - 1] != '.' &&
           strstr(text, "..") == NULL;
}

bool check_is_crd(const char *text)
{
    return check_is_dns_name(text) && strchr(text, '.') != NULL;
}

bool check_is_label(const char *text)
{
    const char *slash = strchr(text, '/');
    const char *name = slash == NULL ? text : slash + 1;
    size_t size = strlen(name);
    return size > 0 && size <= 80 && strspn(name, LETTERS "-_.{}") == size && slash != text &&
           strspn(text, LETTERS "-_./{}") == strlen(text);
}

bool check_is_selector(const char *text)
{
    return text[0] != '\0' && strspn(text, LETTERS "-_./=!,() ") == strlen(text);
}
