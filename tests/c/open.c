/* Opens a stack and says how many slices it has. */
#include <inttypes.h>
#include <stdio.h>

#include "zstack.h"

int main(int argc, char **argv)
{
    zstack *stack = NULL;
    zstack_info info = { .struct_size = sizeof info };
    zstack_error error = { .struct_size = sizeof error };
    if (argc != 2 || zstack_open(argv[1], NULL, &stack, &error) || zstack_get_info(stack, &info, &error)) {
        fprintf(stderr, "%s\n", error.message);
        return 1;
    }
    printf("%" PRIu64 " slices\n", info.slices);
    zstack_free(stack);
    return 0;
}
