// Loads a stack while a window goes on drawing: volume PATH

#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <thread>
#include <vector>

#include "zstack.hpp"

namespace {

void print_info(const zs::Stack &stack)
{
    const zstack_info info = stack.info();
    std::printf("%u x %u x %llu, %u channel(s), %s\n", info.width, info.height,
                static_cast<unsigned long long>(info.slices), info.channels,
                zstack_sample_type_name(info.sample_type));
    for (const zstack_rejected_info &rejected : stack.rejected())
        std::printf("left out %s: %s\n", rejected.path, rejected.message);
}

// [readme]
// A program with a window draws frames. The load goes on beside it; each frame
// asks where it stands, which takes no time.
template <class T>
zs::Loaded load_while_drawing(const zs::Stack &stack, std::vector<T> &volume)
{
    auto options = zs::load_options();
    options.policy = ZSTACK_POLICY_INTERPOLATE;
    volume.resize(stack.plan(options).buffer_bytes / sizeof(T));

    zs::Job job = stack.start(zs::span(volume), options);
    for (auto now = job.poll(); !now.done; now = job.poll()) {
        std::fprintf(stderr, "\r%3.0f %%", 100.0 * double(now.slices_done) / double(now.slices_total));
        std::this_thread::sleep_for(std::chrono::milliseconds(16)); // a frame is drawn here
    }
    zs::Loaded loaded = job.finish(); // zs::Error if the load came to nothing
    for (const zstack_report_slice &slice : loaded.report.slices())
        if (slice.state != ZSTACK_STATE_MEASURED)
            std::printf("%s %s: %s\n", zstack_state_name(slice.state), slice.path, slice.message);
    std::fprintf(stderr, "\r100 %%\n");
    return loaded;
}
// [/readme]

} // namespace

int main(int argc, char **argv)
{
    if (argc != 2) {
        std::fprintf(stderr, "usage: %s PATH\n", argv[0]);
        return 2;
    }
    try {
        auto options = zs::open_options();
        options.keep_gaps = 1;
        const auto stack = zs::Stack::open(argv[1], options);
        print_info(stack);

        // Most scans are of 16 bits; anything else is loaded as bytes.
        std::vector<std::uint16_t> samples;
        std::vector<std::byte> bytes;
        const bool is_u16 = stack.info().sample_type == ZSTACK_SAMPLE_TYPE_U16;
        const zs::Loaded loaded =
            is_u16 ? load_while_drawing(stack, samples) : load_while_drawing(stack, bytes);

        const zstack_report_totals totals = loaded.report.totals();
        std::printf("%s: %llu of %llu slices measured, %llu repaired, %.3f s, %.0f MB/s\n",
                    zstack_status_name(loaded.status), static_cast<unsigned long long>(totals.loaded),
                    static_cast<unsigned long long>(totals.slices),
                    static_cast<unsigned long long>(totals.repaired), totals.seconds,
                    totals.bytes_per_second / 1e6);
        return EXIT_SUCCESS;
    } catch (const std::exception &error) {
        std::fprintf(stderr, "%s\n", error.what());
        return EXIT_FAILURE;
    }
}
