#include "png.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A PNG is a signature and chunks: length, name, data, and a CRC over the last
 * two. The pixels are one zlib stream; deflate has a block type for bytes that
 * are merely stored, which is all that this writer knows. */

enum { STORED_MAX = 65535 };

static void put32(uint8_t *to, uint32_t value)
{
    to[0] = (uint8_t)(value >> 24);
    to[1] = (uint8_t)(value >> 16);
    to[2] = (uint8_t)(value >> 8);
    to[3] = (uint8_t)value;
}

static uint32_t crc32(const uint8_t *bytes, size_t count)
{
    uint32_t crc = 0xFFFFFFFFu;
    while (count--) {
        crc ^= *bytes++;
        for (int bit = 0; bit < 8; bit++)
            crc = crc >> 1 ^ (crc & 1 ? 0xEDB88320u : 0);
    }
    return ~crc;
}

static uint32_t adler32(const uint8_t *bytes, size_t count)
{
    uint32_t a = 1, b = 0;
    while (count--) {
        a = (a + *bytes++) % 65521;
        b = (b + a) % 65521;
    }
    return b << 16 | a;
}

/* `chunk` has room for 8 bytes before its `count` bytes of data and 4 after. */
static void write_chunk(FILE *file, const char *name, uint8_t *chunk, size_t count)
{
    put32(chunk, (uint32_t)count);
    memcpy(chunk + 4, name, 4);
    put32(chunk + 8 + count, crc32(chunk + 4, count + 4));
    fwrite(chunk, 1, count + 12, file);
}

/* The zlib stream of `raw`; returns its length. */
static size_t store(uint8_t *stream, const uint8_t *raw, size_t count)
{
    uint8_t *out = stream;
    const uint32_t check = adler32(raw, count);
    *out++ = 0x78;
    *out++ = 0x01;
    while (count) {
        const size_t length = count < STORED_MAX ? count : STORED_MAX;
        *out++ = length == count; /* the last block says so */
        *out++ = (uint8_t)length;
        *out++ = (uint8_t)(length >> 8);
        *out++ = (uint8_t)~length;
        *out++ = (uint8_t)(~length >> 8);
        memcpy(out, raw, length);
        out += length;
        raw += length;
        count -= length;
    }
    put32(out, check);
    return (size_t)(out + 4 - stream);
}

int png_write(const char *path, const uint8_t *pixels, uint32_t width, uint32_t height,
              uint32_t channels)
{
    static const uint8_t signature[8] = { 0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n' };
    uint8_t header[12 + 13] = { 0 }, end[12] = { 0 };
    const uint64_t row = (uint64_t)width * channels;
    const uint64_t raw_bytes = (row + 1) * height;
    const uint64_t room = 12 + 2 + raw_bytes + 5 * (raw_bytes / STORED_MAX + 1) + 4;
    if (room > 0x7FFFFFFF) { /* the longest chunk there can be */
        errno = EFBIG;
        return -1;
    }
    uint8_t *raw = malloc((size_t)raw_bytes), *chunk = malloc((size_t)room);
    FILE *file = raw && chunk ? fopen(path, "wb") : NULL;
    int result = -1;
    if (file) {
        for (uint32_t y = 0; y < height; y++) {
            uint8_t *to = raw + y * (row + 1);
            *to = 0; /* this row is not filtered */
            memcpy(to + 1, pixels + y * row, (size_t)row);
        }
        put32(header + 8, width);
        put32(header + 12, height);
        header[16] = 8;                     /* bits of a sample */
        header[17] = channels == 3 ? 2 : 0; /* RGB or grey */
        fwrite(signature, 1, sizeof signature, file);
        write_chunk(file, "IHDR", header, 13);
        write_chunk(file, "IDAT", chunk, store(chunk + 8, raw, (size_t)raw_bytes));
        write_chunk(file, "IEND", end, 0);
        const int failed = ferror(file);
        result = fclose(file) || failed ? -1 : 0;
    }
    free(chunk);
    free(raw);
    return result;
}
