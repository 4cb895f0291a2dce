#include "base/base64.h"
#include "base/i18n.h"
#include "base/memory.h"
#include <stdint.h>
#include <stdlib.h>

static const char ALPHABET[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

enum { NO_DIGIT = 0xff };

/* The value of each byte as a digit. Made per call: 256 bytes cost nothing beside what is decoded, and there is no
 * global to guard. */
static void fill_values(unsigned char values[256])
{
    for (size_t i = 0; i < 256; i++)
        values[i] = NO_DIGIT;
    for (unsigned char i = 0; i < 64; i++)
        values[(unsigned char)ALPHABET[i]] = i;
}

/* Where reading stands: `group` collects the `digits` read of the current group of four, `padding` counts its '='. */
struct reader {
    const unsigned char *text;
    size_t offset;
    size_t size;
    unsigned digits;
    unsigned padding;
    uint32_t group;
};

/* Whole groups without line breaks: nearly all of any text. Returns how many bytes were written. */
static size_t read_groups(struct reader *reader, const unsigned char values[256], unsigned char *out)
{
    size_t written = 0;
    while (reader->size - reader->offset >= 4) {
        const unsigned char *next = reader->text + reader->offset;
        unsigned char a = values[next[0]];
        unsigned char b = values[next[1]];
        unsigned char c = values[next[2]];
        unsigned char d = values[next[3]];
        if ((a | b | c | d) & 0xc0)
            break;
        uint32_t group = (uint32_t)a << 18 | (uint32_t)b << 12 | (uint32_t)c << 6 | d;
        out[written++] = (unsigned char)(group >> 16);
        out[written++] = (unsigned char)(group >> 8);
        out[written++] = (unsigned char)group;
        reader->offset += 4;
    }
    return written;
}

/* Takes one byte into the group; false when it may not stand there. */
static bool take_byte(struct reader *reader, const unsigned char values[256])
{
    unsigned char byte = reader->text[reader->offset];
    if (byte == '\n' || byte == '\r')
        return true;
    if (byte == '=') {
        reader->padding++;
        return reader->digits >= 2 && reader->digits + reader->padding <= 4;
    }
    if (values[byte] == NO_DIGIT || reader->padding > 0)
        return false;
    reader->group = reader->group << 6 | values[byte];
    reader->digits++;
    return true;
}

bool base64_decode(const char *text, size_t text_size, char **ret_bytes, size_t *ret_size, struct error *error)
{
    unsigned char values[256];
    fill_values(values);
    CLEANUP_FREE unsigned char *bytes = memory_new(text_size / 4 * 3 + 4);
    size_t size = 0;
    struct reader reader = {.text = (const unsigned char *)text, .size = text_size};
    while (reader.offset < reader.size) {
        if (reader.digits == 0 && reader.padding == 0)
            size += read_groups(&reader, values, bytes + size);
        if (reader.offset == reader.size)
            break;
        if (!take_byte(&reader, values))
            return error_set(error, ERROR_INVALID, _("the base64 text has a wrong character at offset %zu"),
                             reader.offset);
        reader.offset++;
        if (reader.digits == 4) {
            bytes[size++] = (unsigned char)(reader.group >> 16);
            bytes[size++] = (unsigned char)(reader.group >> 8);
            bytes[size++] = (unsigned char)reader.group;
            reader.digits = 0;
            reader.group = 0;
        }
    }
    if (reader.digits > 0) {
        if (reader.digits + reader.padding != 4)
            return error_set(error, ERROR_INVALID, _("the base64 text is cut off at offset %zu"), text_size);
        bytes[size++] = (unsigned char)(reader.group >> (reader.digits * 6 - 8));
        if (reader.digits == 3)
            bytes[size++] = (unsigned char)(reader.group >> 2);
    }
    bytes[size] = '\0';
    *ret_bytes = (char *)STEAL(bytes);
    *ret_size = size;
    return true;
}

char *base64_encode(const void *bytes, size_t size)
{
    const unsigned char *in = bytes;
    if (size > SIZE_MAX / 4 * 3 - 8)
        abort();
    char *text = memory_new((size + 2) / 3 * 4 + 1);
    char *out = text;
    for (size_t i = 0; i < size; i += 3) {
        size_t left = size - i;
        uint32_t group = (uint32_t)in[i] << 16;
        if (left > 1)
            group |= (uint32_t)in[i + 1] << 8;
        if (left > 2)
            group |= in[i + 2];
        *out++ = ALPHABET[group >> 18];
        *out++ = ALPHABET[group >> 12 & 0x3f];
        *out++ = left > 1 ? ALPHABET[group >> 6 & 0x3f] : '=';
        *out++ = left > 2 ? ALPHABET[group & 0x3f] : '=';
    }
    return text;
}
