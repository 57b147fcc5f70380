/* A host that knows zstack only at run time, as it knows its plug-ins:
 *
 *     host LIBRARY PATH
 *
 * Nothing of zstack is linked in. One symbol is looked up; it hands out a table
 * of all functions, or NULL when the library is too new or too old for this
 * program. */

#include <dlfcn.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#include "zstack.h"

/* [readme] */
typedef const zstack_api *(*get_api_fn)(uint32_t abi);

static const zstack_api *find_api(void *library)
{
    get_api_fn get_api;
    /* ISO C has no cast from void * to a function; POSIX says to do it so. */
    *(void **)&get_api = dlsym(library, "zstack_get_api");
    const zstack_api *api = get_api ? get_api(ZSTACK_ABI) : NULL;
    /* A library older than this header fills fewer fields than the header has. */
    return api && api->struct_size >= sizeof *api ? api : NULL;
}
/* [/readme] */

static int load(const zstack_api *api, const char *path)
{
    zstack *stack = NULL;
    zstack_report *report = NULL;
    void *volume = NULL;
    zstack_plan_info plan = { .struct_size = sizeof plan };
    zstack_report_totals totals = { .struct_size = sizeof totals };
    zstack_error error = { .struct_size = sizeof error };

    zstack_status status = api->open(path, NULL, &stack, &error);
    if (status == ZSTACK_STATUS_OK)
        status = api->plan(stack, NULL, &plan, &error);
    if (status == ZSTACK_STATUS_OK) {
        volume = malloc((size_t)plan.buffer_bytes);
        status = api->load(stack, NULL, volume, plan.buffer_bytes, &report, &error);
    }
    const int loaded = status == ZSTACK_STATUS_OK || status == ZSTACK_STATUS_PARTIAL;
    if (loaded && api->report_get_totals(report, &totals, &error) == ZSTACK_STATUS_OK)
        printf("%s: %u x %u x %llu %s, %llu slices measured\n", api->status_name(status), plan.width,
               plan.height, (unsigned long long)plan.slices, api->sample_type_name(plan.sample_type),
               (unsigned long long)totals.loaded);
    else
        fprintf(stderr, "%s: %s\n", api->status_name(status), error.message);

    free(volume);
    api->report_free(report);
    api->free(stack);
    return loaded ? EXIT_SUCCESS : EXIT_FAILURE;
}

int main(int argc, char **argv)
{
    if (argc != 3) {
        fprintf(stderr, "usage: %s LIBRARY PATH\n", argv[0]);
        return 2;
    }
    void *library = dlopen(argv[1], RTLD_NOW | RTLD_LOCAL);
    if (!library) {
        fprintf(stderr, "%s\n", dlerror());
        return EXIT_FAILURE;
    }
    int result = EXIT_FAILURE;
    const zstack_api *api = find_api(library);
    if (api) {
        printf("zstack %s, ABI %u\n", api->version(), (unsigned)api->abi());
        result = load(api, argv[2]);
    } else {
        fprintf(stderr, "%s has no zstack ABI %d\n", argv[1], ZSTACK_ABI);
    }
    /* Nothing of the library runs any more and all its handles are freed. */
    if (dlclose(library) != 0)
        result = EXIT_FAILURE;
    else
        puts("unloaded");
    return result;
}
