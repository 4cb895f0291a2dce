#include "base/utf8.h"

static bool is_continuation(unsigned char byte)
{
    return (byte & 0xc0) == 0x80;
}

size_t utf8_decode(const char *bytes, size_t size, uint32_t *ret_code)
{
    const unsigned char *next = (const unsigned char *)bytes;
    if (size == 0)
        return 0;
    if (next[0] < 0x80) {
        *ret_code = next[0];
        return 1;
    }
    size_t length = 0;
    uint32_t code = 0;
    uint32_t smallest = 0;
    if ((next[0] & 0xe0) == 0xc0) {
        length = 2, code = next[0] & 0x1f, smallest = 0x80;
    } else if ((next[0] & 0xf0) == 0xe0) {
        length = 3, code = next[0] & 0x0f, smallest = 0x800;
    } else if ((next[0] & 0xf8) == 0xf0) {
        length = 4, code = next[0] & 0x07, smallest = 0x10000;
    }
    if (length == 0 || length > size)
        return 0;
    for (size_t i = 1; i < length; i++) {
        if (!is_continuation(next[i]))
            return 0;
        code = code << 6 | (next[i] & 0x3f);
    }
    if (code < smallest || code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff))
        return 0;
    *ret_code = code;
    return length;
}

size_t utf8_encode(uint32_t code, char ret_bytes[UTF8_MAX])
{
    if (code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff))
        return 0;
    if (code < 0x80) {
        ret_bytes[0] = (char)code;
        return 1;
    }
    size_t length = code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    static const unsigned char leads[] = {0, 0, 0xc0, 0xe0, 0xf0};
    for (size_t i = length - 1; i > 0; i--) {
        ret_bytes[i] = (char)(0x80 | (code & 0x3f));
        code >>= 6;
    }
    ret_bytes[0] = (char)(leads[length] | code);
    return length;
}

bool utf8_valid(const char *bytes, size_t size, size_t *ret_offset)
{
    size_t offset = 0;
    while (offset < size) {
        uint32_t code = 0;
        size_t length = utf8_decode(bytes + offset, size - offset, &code);
        if (length == 0) {
            if (ret_offset != NULL)
                *ret_offset = offset;
            return false;
        }
        offset += length;
    }
    return true;
}
