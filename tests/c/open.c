/* Opens a stack, loads it, where "load" is asked for, and says how many slices it has. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "zstack.h"

int main(int argc, char **argv)
{
    zstack *stack = NULL;
    zstack_info info = { .struct_size = sizeof info };
    zstack_error error = { .struct_size = sizeof error };
    if (argc < 2 || zstack_open(argv[1], NULL, &stack, &error) || zstack_get_info(stack, &info, &error)) {
        fprintf(stderr, "%s\n", error.message);
        return 1;
    }
    if (argc == 3 && strcmp(argv[2], "load") == 0) {
        zstack_plan_info plan = { .struct_size = sizeof plan };
        void *volume = zstack_plan(stack, NULL, &plan, &error) ? NULL : malloc((size_t)plan.buffer_bytes);
        if (!volume || zstack_load(stack, NULL, volume, plan.buffer_bytes, NULL, &error)) {
            fprintf(stderr, "%s\n", error.message);
            return 1;
        }
        free(volume);
    }
    printf("%" PRIu64 " slices\n", info.slices);
    zstack_free(stack);
    return 0;
}
