/* Text on its way to a screen: cleaned of what could fool or disturb a terminal, measured, cut to fit. */
#include "base/text.h"
#include "base/utf8.h"
#include <string.h>
#include <wchar.h>

/* Characters that are not seen but change how others are seen or compared: Unicode's categories Cc, Cf, Zl and Zp, and
 * blank fillers. */
bool text_is_deceptive(uint32_t code)
{
    static const struct {
        uint32_t first;
        uint32_t last;
    } ranges[] = {
        {0x0000, 0x001f},   {0x007f, 0x009f},   {0x00ad, 0x00ad},   {0x034f, 0x034f},   {0x0600, 0x0605},
        {0x061c, 0x061c},   {0x06dd, 0x06dd},   {0x070f, 0x070f},   {0x0890, 0x0891},   {0x08e2, 0x08e2},
        {0x115f, 0x1160},   {0x17b4, 0x17b5},   {0x180b, 0x180f},   {0x200b, 0x200f},   {0x2028, 0x202e},
        {0x2060, 0x206f},   {0x3164, 0x3164},   {0xfe00, 0xfe0f},   {0xfeff, 0xfeff},   {0xffa0, 0xffa0},
        {0xfff0, 0xfffb},   {0x110bd, 0x110bd}, {0x110cd, 0x110cd}, {0x13430, 0x1345f}, {0x1bca0, 0x1bca3},
        {0x1d173, 0x1d17a}, {0xe0000, 0xe0fff},
    };
    for (size_t i = 0; i < sizeof ranges / sizeof ranges[0] && code >= ranges[i].first; i++)
        if (code <= ranges[i].last)
            return true;
    return false;
}

static void append_escape(struct text *cleaned, uint32_t code)
{
    if (code == '\n')
        text_append(cleaned, "\\n");
    else if (code == '\t')
        text_append(cleaned, "\\t");
    else if (code == '\r')
        text_append(cleaned, "\\r");
    else if (code <= 0xff)
        text_append_format(cleaned, "\\x%02x", (unsigned)code);
    else if (code <= 0xffff)
        text_append_format(cleaned, "\\u%04x", (unsigned)code);
    else
        text_append_format(cleaned, "\\U%08x", (unsigned)code);
}

char *text_clean(const char *text, bool keep_lines, size_t limit)
{
    struct text cleaned = {0};
    size_t size = text == NULL ? 0 : limit == 0 ? strlen(text) : strnlen(text, limit);
    size_t offset = 0;
    bool cut = limit != 0 && size == limit && text[size] != '\0';
    while (offset < size) {
        uint32_t code = 0;
        size_t length = utf8_decode(text + offset, size - offset, &code);
        if (length == 0) {
            /* A character that the limit cuts in two is left out, it is not wrong. */
            if (cut && size - offset < UTF8_MAX &&
                utf8_decode(text + offset, strnlen(text + offset, UTF8_MAX), &code) > 0)
                break;
            text_append_format(&cleaned, "\\x%02x", (unsigned)(unsigned char)text[offset]);
            offset++;
            continue;
        }
        if (text_is_deceptive(code) && !(keep_lines && (code == '\n' || code == '\t')))
            append_escape(&cleaned, code);
        else
            text_append_bytes(&cleaned, text + offset, length);
        offset += length;
    }
    if (cut)
        text_append(&cleaned, "…");
    return text_steal(&cleaned);
}

/* The columns of the character at `text` and its bytes. */
static int character_width(const char *text, size_t size, size_t *ret_length)
{
    uint32_t code = 0;
    size_t length = utf8_decode(text, size, &code);
    *ret_length = length > 0 ? length : 1;
    if (length == 0)
        return 1;
    if (code >= 0x20 && code < 0x7f)
        return 1;
    int width = wcwidth((wchar_t)code);
    return width < 0 ? 1 : width;
}

int text_width(const char *text)
{
    size_t size = strlen(text);
    int columns = 0;
    for (size_t offset = 0, length = 0; offset < size; offset += length)
        columns += character_width(text + offset, size - offset, &length);
    return columns;
}

size_t text_fit(const char *text, int columns, int *ret_width)
{
    size_t offset = 0;
    int used = 0;
    size_t size = strlen(text);
    while (offset < size) {
        size_t length = 0;
        int width = character_width(text + offset, size - offset, &length);
        if (width > columns - used)
            break;
        used += width;
        offset += length;
    }
    if (ret_width != NULL)
        *ret_width = used;
    return offset;
}
