/* zstack @VERSION@: opens a stack of images (a folder of numbered slices, a list
 * of files, a multi-page TIFF, a raw volume), loads it in parallel straight into a buffer that
 * you own, and reports progress.
 *
 * Made by cbindgen from the sources; do not edit. This file is the manual.
 *
 *
 * The life of a load
 * ------------------
 *
 *     open   -> zstack*           cheap: one listing, one header
 *     info   -> what it is        shape, type, gaps, every file left out and why
 *     plan   -> what it needs     bytes of buffer, strides, memory, threads
 *     load   -> your buffer       parallel, with progress, cancel, policies
 *     report -> what happened     in sum and slice by slice
 *
 *     zstack *stack = NULL;
 *     zstack_plan_info plan = { .struct_size = sizeof plan };
 *     zstack_error error = { .struct_size = sizeof error };
 *     zstack_report *report = NULL;
 *
 *     zstack_status status = zstack_open("scan/", NULL, &stack, &error);
 *     if (status == ZSTACK_STATUS_OK)
 *         status = zstack_plan(stack, NULL, &plan, &error);
 *     void *volume = status == ZSTACK_STATUS_OK ? malloc((size_t)plan.buffer_bytes) : NULL;
 *     if (status == ZSTACK_STATUS_OK) // no memory: volume is NULL, and that is refused
 *         status = zstack_load(stack, NULL, volume, plan.buffer_bytes, &report, &error);
 *     if (status != ZSTACK_STATUS_OK) // PARTIAL too: the volume is there, with holes
 *         fprintf(stderr, "%s: %s\n", zstack_status_name(status), error.message);
 *     zstack_report_free(report);
 *     zstack_free(stack);
 *
 *
 * What holds for every function
 * -----------------------------
 *
 * Status. What can fail returns a zstack_status, a 32-bit integer with stable
 * numbers. Expect numbers that this header does not name. In the lists of
 * statuses below the prefix ZSTACK_STATUS_ is left out.
 *
 * Outputs are written only on success. There are two exceptions: the error
 * struct, which is written with every status that it has something to say to
 * (PARTIAL and CANCELLED among them), and what a load leaves behind once it has
 * begun: its buffer and its report. So set handles to NULL before you pass their
 * address.
 *
 * Indices count from 0. A slice's index is its place in the opened stack; where
 * an index counts something else, its description says so.
 *
 * Structs begin with struct_size. Set it to the struct's sizeof and everything
 * else to zero, which means "the default" in each option: in C
 * `zstack_load_options options = { .struct_size = sizeof options };`, in C++
 * `zstack_load_options options = {}; options.struct_size = sizeof options;`.
 * Structs to be filled need their struct_size too, the error struct among them;
 * a wrong one is STRUCT_SIZE, from any function that takes a struct. A program built with an older
 * header passes shorter structs, and gets what it knows. A program built with a
 * newer header passes longer ones, and is refused with STRUCT_SIZE if it sets a
 * field that the library does not know. Numbers that name a choice (policy,
 * state, sample type) are int32_t fields that hold the constants of the enum
 * named beside them.
 *
 * NULL is an answer, not a crash. Options, errors and reports that nobody wants
 * may be NULL, and so may every pointer in the options; free and cancel functions
 * take NULL. Any other NULL is INVALID_ARGUMENT.
 *
 * Ownership. What a function hands out through a `zstack_x **` is yours, to be
 * freed with its own free function. Texts inside structs belong to the handle
 * that was asked. The buffer and all structs are yours throughout.
 *
 * Threads. Each handle's description says what threads may do with it. No
 * thread of the library lives outside a load: the threads are joined before
 * zstack_load returns, and before zstack_job_finish or zstack_job_free does; so
 * dlclose, fork and exit are safe at any other time. Your callbacks run on the
 * thread that is inside the call, one at a time, never on a thread of the library.
 *
 * Faults. No panic, exception or exit leaves the library. A callback must not
 * throw or longjmp through it either: return non-zero to stop a load.
 *
 * Text is NUL-terminated UTF-8. Paths are UTF-8 too, on Unix any bytes.
 */
