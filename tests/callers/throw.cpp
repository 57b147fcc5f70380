// A callback that throws, in every place where one can: throw PATH
// Prints what came out; each must be the very exception that went in.

#include <cstdint>
#include <cstdio>
#include <string>
#include <string_view>
#include <vector>

#include "zstack.hpp"

struct Thrown {
    int number;
};

template <class Load>
static void expect(const char *what, Load load)
{
    try {
        load();
        std::printf("%s: nothing came out\n", what);
    } catch (const Thrown &thrown) {
        std::printf("%s: %d\n", what, thrown.number);
    }
}

int main(int argc, char **argv)
{
    if (argc != 2)
        return 2;
    const auto stack = zs::Stack::open(argv[1]);
    auto options = zs::load_options();
    options.workers = 1;
    std::vector<std::uint16_t> volume(stack.plan(options).buffer_bytes / 2);
    const zs::span buffer(volume);

    int calls = 0;
    zs::Callbacks progress, slice, log;
    progress.on_progress = [&](const zstack_progress &) -> bool { calls++; throw Thrown{1}; };
    slice.on_slice = [&](const zstack_slice_event &) -> bool { calls++; throw Thrown{2}; };
    log.on_log = [&](zstack_level, std::string_view) { calls++; throw Thrown{3}; };

    expect("progress", [&] { stack.load(buffer, options, progress); });
    expect("slice", [&] { stack.load(buffer, options, slice); });
    expect("log", [&] { stack.load(buffer, options, log); });
    expect("job progress", [&] { stack.start(buffer, options, progress).finish(); });
    expect("job slice", [&] { stack.start(buffer, options, slice).wait(); });
    std::printf("calls: %d\n", calls);

    // Returning false cancels, and is no exception. So does a token.
    calls = 0;
    zs::Callbacks stop;
    stop.on_slice = [&](const zstack_slice_event &) { return ++calls > 1; };
    stack.load(buffer, options, stop);
    std::printf("calls after false: %d\n", calls);

    const zs::CancelToken token;
    token.request();
    options.cancel = token.get();
    const zs::Loaded loaded = stack.load(buffer, options);
    std::printf("token: %s, %s\n", zstack_status_name(loaded.status),
                loaded.report.totals().loaded == 0 ? "nothing loaded" : "something loaded");
    options.cancel = nullptr;

    // All slices of a job, one after the other.
    auto job = stack.start(buffer, options);
    zstack_slice_event event;
    unsigned long events = 0;
    while (job.next_event(event) == ZSTACK_STATUS_OK)
        events++;
    std::printf("events: %s\n", events == stack.info().slices && job.wait() ? "all" : "some");
    job.finish();
    try {
        job.finish();
    } catch (const zs::Error &error) {
        std::printf("twice: %s\n", error.what());
    }

    // What cannot be done is a zs::Error that says where.
    try {
        stack.load(buffer.data(), 2);
    } catch (const zs::Error &error) {
        std::printf("small: %d, report %s\n", static_cast<int>(error.status()),
                    error.report() ? "there" : "none");
    }
    try {
        options.policy = ZSTACK_POLICY_FAIL;
        stack.load(buffer, options);
    } catch (const zs::Error &error) {
        std::printf("fail: slice %s, %s, report %s\n", error.slice() ? "named" : "unnamed",
                    error.path().substr(error.path().rfind('/') + 1).c_str(),
                    error.report() ? "there" : "none");
    }
    std::vector<float> floats(volume.size());
    try {
        stack.load(zs::span(floats), options);
    } catch (const zs::Error &error) {
        std::printf("%s\n", error.what());
    }
    return 0;
}
