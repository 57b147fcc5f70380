/* Writes the grey slices that the programs in this folder load, for scripts.
 *
 *     samples FOLDER COUNT */
#ifndef NO_LINK
#define NO_LINK
#endif
#include "check.h"

static void put(FILE *file, uint64_t value, int bytes)
{
    while (bytes--) {
        fputc((int)(value & 0xFF), file);
        value >>= 8;
    }
}

static void entry(FILE *file, unsigned tag, uint32_t value)
{
    put(file, tag, 2);
    put(file, 4, 2);
    put(file, 1, 4);
    put(file, value, 4);
}

int main(int argc, char **argv)
{
    CHECK(argc == 3);
    for (unsigned z = 0; z < (unsigned)atoi(argv[2]); z++) {
        char name[32];
        snprintf(name, sizeof name, "s_%04u.tif", z);
        FILE *file = fopen(in(argv[1], name), "wb");
        CHECK(file != NULL);
        fputs("II", file);
        put(file, 42, 2);
        put(file, 8 + SLICE_BYTES, 4);
        for (unsigned y = 0; y < HEIGHT; y++)
            for (unsigned x = 0; x < WIDTH; x++)
                put(file, sample(z, y, x), 2);
        put(file, 8, 2);
        entry(file, 256, WIDTH);
        entry(file, 257, HEIGHT);
        entry(file, 258, 16);
        entry(file, 259, 1);
        entry(file, 262, 1);
        entry(file, 273, 8);
        entry(file, 278, HEIGHT);
        entry(file, 279, SLICE_BYTES);
        put(file, 0, 4);
        CHECK_EQ(fclose(file), 0);
    }
    return done();
}
