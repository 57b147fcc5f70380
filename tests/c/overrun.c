/* Lies about its buffer, on purpose: shows that a checker looks inside the
 * library. Not part of the tests; see scripts/sanitize.
 *
 *     overrun SAMPLES short|shared */
#include "check.h"

int main(int argc, char **argv)
{
    CHECK(argc == 3);
    size_t bytes = 12 * SLICE_BYTES;
    zstack *stack = open_at(in(argv[1], "grey"));
    if (!strcmp(argv[2], "short")) {
        /* The last sample lies past the end. */
        char *volume = malloc(bytes - 2);
        CHECK(volume);
        CHECK_STATUS(OK, zstack_load(stack, NULL, volume, bytes, NULL, NULL));
        free(volume);
    } else {
        /* Two loads at once into one buffer; often enough to meet there. */
        char *volume = malloc(bytes);
        CHECK(volume);
        for (int round = 0; round < 50; round++) {
            zstack_job *jobs[2] = { NULL, NULL };
            for (int n = 0; n < 2; n++)
                CHECK_STATUS(OK, zstack_start(stack, NULL, volume, bytes, &jobs[n], NULL));
            for (int n = 0; n < 2; n++)
                CHECK_STATUS(OK, zstack_job_finish(jobs[n], NULL, NULL));
            for (int n = 0; n < 2; n++)
                zstack_job_free(jobs[n]);
        }
        free(volume);
    }
    zstack_free(stack);
    return done();
}
