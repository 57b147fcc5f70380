/* The smallest PNG writer that other programs can read. */

#ifndef EXAMPLES_PNG_H
#define EXAMPLES_PNG_H

#include <stdint.h>

/* Writes `height` rows of `width` pixels, each of `channels` bytes (1 = grey,
 * 3 = RGB). Returns 0, or -1 with errno set. */
int png_write(const char *path, const uint8_t *pixels, uint32_t width, uint32_t height,
              uint32_t channels);

#endif
