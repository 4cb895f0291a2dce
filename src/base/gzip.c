#include "base/gzip.h"
#include "base/i18n.h"
#include "base/memory.h"
#include <limits.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#define GZIP_WINDOW   (15 + 16) /* zlib's way to ask for gzip and nothing else */
#define LARGEST_RATIO 1032      /* deflate cannot pack better than this */

bool gzip_is(const void *bytes, size_t size)
{
    return size >= 3 && memcmp(bytes, "\x1f\x8b\x08", 3) == 0;
}

/* zlib counts in unsigned int. */
static uInt portion(size_t size)
{
    return size > UINT_MAX ? UINT_MAX : (uInt)size;
}

/* The trailer tells the unpacked size (of the last member, modulo 4 GiB): a hint that saves growing, never trusted. */
static size_t first_room(const unsigned char *bytes, size_t size, size_t limit)
{
    size_t hint = 4096;
    if (size >= 18) {
        const unsigned char *trailer = bytes + size - 4;
        hint = (size_t)trailer[0] | (size_t)trailer[1] << 8 | (size_t)trailer[2] << 16 | (size_t)trailer[3] << 24;
    }
    if (hint / LARGEST_RATIO > size)
        hint = size;
    return hint < limit ? hint + 1 : limit + 1;
}

/* What is being unpacked. Room for one byte beyond the limit shows that there would be more. */
struct unpacking {
    z_stream stream;
    const unsigned char *bytes;
    size_t size;
    size_t taken;
    char *out;
    size_t out_size;
    size_t out_room;
    size_t limit;
};

static void grow(struct unpacking *unpacking)
{
    size_t room = unpacking->out_room > (unpacking->limit + 1) / 2 ? unpacking->limit + 1 : unpacking->out_room * 2;
    unpacking->out = memory_resize(unpacking->out, room + 1, 1);
    unpacking->out_room = room;
}

/* One call of inflate() on the next portion; returns its status. */
static int inflate_portion(struct unpacking *unpacking)
{
    z_stream *stream = &unpacking->stream;
    uInt in = portion(unpacking->size - unpacking->taken);
    uInt out = portion(unpacking->out_room - unpacking->out_size);
    stream->next_in = (Bytef *)(unpacking->bytes + unpacking->taken);
    stream->avail_in = in;
    stream->next_out = (Bytef *)unpacking->out + unpacking->out_size;
    stream->avail_out = out;
    int status = inflate(stream, Z_NO_FLUSH);
    unpacking->taken += in - stream->avail_in;
    unpacking->out_size += out - stream->avail_out;
    return status;
}

static bool unpack(struct unpacking *unpacking, struct error *error)
{
    for (;;) {
        if (unpacking->out_size == unpacking->out_room)
            grow(unpacking);
        int status = inflate_portion(unpacking);
        if (unpacking->out_size > unpacking->limit)
            return error_set(error, ERROR_INVALID, _("the packed data is larger than %zu bytes when unpacked"),
                             unpacking->limit);
        if (status == Z_MEM_ERROR)
            abort();
        if (status == Z_BUF_ERROR && unpacking->taken == unpacking->size)
            return error_set(error, ERROR_INVALID, _("the packed data is cut off after %zu bytes"), unpacking->size);
        if (status != Z_OK && status != Z_STREAM_END)
            return error_set(error, ERROR_INVALID, _("the packed data is damaged near byte %zu"), unpacking->taken);
        if (status == Z_STREAM_END) {
            if (unpacking->taken == unpacking->size)
                return true;
            inflateReset(
                &unpacking->stream); /* members may follow each other, as gzip has it; anything else is damage */
        }
    }
}

bool gzip_unpack(const void *bytes, size_t size, size_t limit, char **ret_bytes, size_t *ret_size, struct error *error)
{
    if (limit > SIZE_MAX - 2)
        limit = SIZE_MAX - 2;
    struct unpacking unpacking = {.bytes = bytes, .size = size, .limit = limit};
    unpacking.out_room = first_room(bytes, size, limit);
    unpacking.out = memory_new(unpacking.out_room + 1);
    if (inflateInit2(&unpacking.stream, GZIP_WINDOW) != Z_OK)
        abort();
    bool done = unpack(&unpacking, error);
    inflateEnd(&unpacking.stream);
    if (!done) {
        free(unpacking.out);
        return false;
    }
    unpacking.out[unpacking.out_size] = '\0';
    *ret_bytes = unpacking.out;
    *ret_size = unpacking.out_size;
    return true;
}

void gzip_pack(const void *bytes, size_t size, char **ret_bytes, size_t *ret_size)
{
    z_stream stream = {0};
    if (deflateInit2(&stream, Z_BEST_COMPRESSION, Z_DEFLATED, GZIP_WINDOW, 8, Z_DEFAULT_STRATEGY) != Z_OK)
        abort();
    size_t room = deflateBound(&stream, size);
    char *out = memory_new(room);
    size_t taken = 0;
    size_t written = 0;
    int status = Z_OK;
    while (status == Z_OK) {
        uInt in = portion(size - taken);
        uInt space = portion(room - written);
        stream.next_in = (Bytef *)bytes + taken;
        stream.avail_in = in;
        stream.next_out = (Bytef *)out + written;
        stream.avail_out = space;
        status = deflate(&stream, size - taken == in ? Z_FINISH : Z_NO_FLUSH);
        taken += in - stream.avail_in;
        written += space - stream.avail_out;
    }
    deflateEnd(&stream);
    if (status != Z_STREAM_END)
        abort();
    *ret_bytes = out;
    *ret_size = written;
}
