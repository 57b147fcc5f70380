// C++17 on top of zstack.h: handles that free themselves, errors as exceptions,
// callbacks as std::function. Link with the C library; there is nothing else to build.
//
//     auto stack = zs::Stack::open("scan/");
//     std::vector<std::uint16_t> volume(stack.plan().buffer_bytes / 2);
//     zs::Loaded loaded = stack.load(zs::span(volume));
//     if (loaded.status == ZSTACK_STATUS_PARTIAL) ...    // see loaded.report
//
// The structs of options and answers are those of zstack.h, which describes
// them; make the ones to be filled in with zs::open_options() and
// zs::load_options(), which set their struct_size. Texts in them belong to the
// Stack or Report that was asked.
//
// A namespace cannot have the name of a struct, so it is zs.

#ifndef ZSTACK_HPP
#define ZSTACK_HPP

#include "zstack.h"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <functional>
#include <memory>
#include <new>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace zs {

class Report;

// A run of values that belongs to somebody else; std::span, which C++17 has not.
template <class T>
class span {
public:
    using element_type = T;

    constexpr span() noexcept = default;
    constexpr span(T *data, std::size_t size) noexcept : data_(data), size_(size) {}

    // Of anything that has data() and size(): a vector, an array, another span.
    template <class Range, class Data = std::remove_pointer_t<decltype(std::declval<Range &>().data())>,
              class = decltype(std::declval<Range &>().size()),
              class = std::enable_if_t<std::is_convertible_v<Data (*)[], T (*)[]>>>
    constexpr span(Range &range) noexcept : data_(range.data()), size_(range.size()) {}

    constexpr T *data() const noexcept { return data_; }
    constexpr std::size_t size() const noexcept { return size_; }
    constexpr std::size_t size_bytes() const noexcept { return size_ * sizeof(T); }
    constexpr bool empty() const noexcept { return size_ == 0; }
    constexpr T &operator[](std::size_t index) const { return data_[index]; }
    constexpr T *begin() const noexcept { return data_; }
    constexpr T *end() const noexcept { return data_ + size_; }

private:
    T *data_ = nullptr;
    std::size_t size_ = 0;
};

template <class Range>
span(Range &) -> span<std::remove_pointer_t<decltype(std::declval<Range &>().data())>>;

// A call that did not do its work.
class Error : public std::runtime_error {
public:
    Error(zstack_status status, const std::string &message)
        : std::runtime_error(std::string(zstack_status_name(status)) + ": " + message), status_(status)
    {
    }

    Error(zstack_status status, const zstack_error &error, std::shared_ptr<const Report> report = nullptr)
        : Error(status, error.message)
    {
        os_error_ = error.os_error;
        if (error.slice >= 0)
            slice_ = static_cast<std::uint64_t>(error.slice);
        path_ = error.path;
        report_ = std::move(report);
    }

    zstack_status status() const noexcept { return status_; }
    // The system's error number, 0 if it was not involved.
    int os_error() const noexcept { return os_error_; }
    // Index of the slice concerned, in the opened stack.
    std::optional<std::uint64_t> slice() const noexcept { return slice_; }
    // The file or folder concerned, or "".
    const std::string &path() const noexcept { return path_; }
    // What became of each slice, when a load had begun; otherwise null.
    const std::shared_ptr<const Report> &report() const noexcept { return report_; }

private:
    zstack_status status_;
    int os_error_ = 0;
    std::optional<std::uint64_t> slice_;
    std::string path_;
    std::shared_ptr<const Report> report_;
};

// Everything that the classes below share; not for use.
namespace detail {

// A struct of the C API: all zero but for its size.
template <class Struct>
Struct sized() noexcept
{
    Struct value = {};
    value.struct_size = sizeof value;
    return value;
}

inline void check(zstack_status status, const zstack_error &error)
{
    if (status != ZSTACK_STATUS_OK)
        throw Error(status, error);
}

// What `get` fills in, for (handle, struct, error) and (handle, index, struct, error).
template <class Struct, class Get, class... Arguments>
Struct filled(Get get, Arguments... arguments)
{
    auto value = sized<Struct>();
    auto error = sized<zstack_error>();
    check(get(arguments..., &value, &error), error);
    return value;
}

template <class Struct, class Get, class Handle>
std::vector<Struct> all(Get get, const Handle *handle, std::uint64_t count)
{
    std::vector<Struct> values;
    values.reserve(static_cast<std::size_t>(count));
    for (std::uint64_t index = 0; index < count; index++)
        values.push_back(filled<Struct>(get, handle, index));
    return values;
}

template <class Handle, void (*Free)(Handle *)>
struct Freed {
    void operator()(Handle *handle) const noexcept { Free(handle); }
};

template <class Handle, void (*Free)(Handle *)>
using Owned = std::unique_ptr<Handle, Freed<Handle, Free>>;

// Whether samples of this type may be put into a buffer of T: into one of its
// own type, and into bytes.
template <class T>
bool holds(std::int32_t type) noexcept
{
    static_assert(!std::is_const_v<T>, "a load writes into its buffer");
    static_assert(std::is_trivially_copyable_v<T>, "samples are written as bytes");
    if constexpr (sizeof(T) == 1 && !std::is_same_v<T, signed char>)
        return true;
    else if constexpr (std::is_floating_point_v<T>)
        return type == (sizeof(T) == 4 ? ZSTACK_SAMPLE_TYPE_F32 : ZSTACK_SAMPLE_TYPE_F64);
    else if constexpr (std::is_integral_v<T>) {
        constexpr int log2 = sizeof(T) == 1 ? 0 : sizeof(T) == 2 ? 1 : sizeof(T) == 4 ? 2 : 3;
        constexpr int first = std::is_signed_v<T> ? ZSTACK_SAMPLE_TYPE_I8 : ZSTACK_SAMPLE_TYPE_U8;
        return type == first + log2;
    } else // a type of the caller's own, such as a half or an RGB pixel
        return sizeof(T) % zstack_sample_type_bytes(type) == 0;
}

} // namespace detail

inline zstack_open_options open_options() noexcept { return detail::sized<zstack_open_options>(); }
inline zstack_load_options load_options() noexcept { return detail::sized<zstack_load_options>(); }

// What happened in a load.
class Report {
public:
    explicit Report(zstack_report *report) noexcept : handle_(report) {}

    zstack_report_totals totals() const
    {
        return detail::filled<zstack_report_totals>(zstack_report_get_totals, get());
    }

    // Of slice `index` of the load, in stack order.
    zstack_report_slice slice(std::uint64_t index) const
    {
        return detail::filled<zstack_report_slice>(zstack_report_get_slice, get(), index);
    }

    std::vector<zstack_report_slice> slices() const
    {
        return detail::all<zstack_report_slice>(zstack_report_get_slice, get(), totals().slices);
    }

    const zstack_report *get() const noexcept { return handle_.get(); }

private:
    detail::Owned<zstack_report, zstack_report_free> handle_;
};

// How a load ended: ZSTACK_STATUS_OK, PARTIAL or CANCELLED. Every other end is
// an Error.
struct Loaded {
    zstack_status status;
    Report report;
};

// Cancels the loads whose options carry it: `options.cancel = token.get()`.
class CancelToken {
public:
    CancelToken() : handle_(zstack_cancel_new())
    {
        if (!handle_)
            throw std::bad_alloc();
    }

    void request() const noexcept { zstack_cancel_request(get()); }
    bool requested() const noexcept { return zstack_cancel_is_requested(get()) != 0; }
    const zstack_cancel *get() const noexcept { return handle_.get(); }

private:
    detail::Owned<zstack_cancel, zstack_cancel_free> handle_;
};

// What a load tells while it runs, on the thread that is inside the call. A
// callback that returns false cancels the load; one that throws does too, and
// its exception comes out of the call.
struct Callbacks {
    std::function<bool(const zstack_progress &)> on_progress;
    std::function<bool(const zstack_slice_event &)> on_slice;
    std::function<void(zstack_level, std::string_view)> on_log;
};

namespace detail {

// Stands between the library and the callbacks: no exception may pass through it.
class Bridge {
public:
    explicit Bridge(Callbacks callbacks) : callbacks_(std::move(callbacks)) {}
    Bridge(const Bridge &) = delete;
    Bridge &operator=(const Bridge &) = delete;

    // The options with the callbacks in them.
    zstack_load_options join(zstack_load_options options)
    {
        if (!callbacks_.on_progress && !callbacks_.on_slice && !callbacks_.on_log)
            return options;
        // on_progress is there in any case: on_log has no say, so after an
        // exception from it on_progress is what stops the load.
        options.on_progress = [](const zstack_progress *progress, void *user) -> std::int32_t {
            auto &self = *static_cast<Bridge *>(user);
            return self.go_on(self.callbacks_.on_progress, *progress);
        };
        if (callbacks_.on_slice)
            options.on_slice = [](const zstack_slice_event *event, void *user) -> std::int32_t {
                auto &self = *static_cast<Bridge *>(user);
                return self.go_on(self.callbacks_.on_slice, *event);
            };
        if (callbacks_.on_log)
            options.on_log = [](std::int32_t level, const char *message, void *user) {
                auto &self = *static_cast<Bridge *>(user);
                self.guarded([&] {
                    self.callbacks_.on_log(static_cast<zstack_level>(level), message);
                    return true;
                });
            };
        options.user = this;
        return options;
    }

    bool threw() const noexcept { return thrown_ != nullptr; }

    // Lets the exception go on that was held back.
    void rethrow()
    {
        if (thrown_)
            std::rethrow_exception(std::exchange(thrown_, nullptr));
    }

private:
    template <class Callback, class Argument>
    std::int32_t go_on(const Callback &callback, const Argument &argument) noexcept
    {
        return guarded([&] { return !callback || callback(argument); }) ? 0 : 1;
    }

    template <class Call>
    bool guarded(Call call) noexcept
    {
        if (thrown_)
            return false;
        try {
            return call();
        } catch (...) {
            thrown_ = std::current_exception();
            return false;
        }
    }

    Callbacks callbacks_;
    std::exception_ptr thrown_;
};

// The end of a load that began or was refused.
inline Loaded ended(zstack_status status, zstack_report *handle, const zstack_error &error, Bridge &bridge)
{
    Report report(handle);
    bridge.rethrow();
    if (status == ZSTACK_STATUS_OK || status == ZSTACK_STATUS_PARTIAL || status == ZSTACK_STATUS_CANCELLED)
        return Loaded{status, std::move(report)};
    throw Error(status, error, handle ? std::make_shared<const Report>(std::move(report)) : nullptr);
}

} // namespace detail

// A load that runs while the program does something else. Its buffer must
// outlive it; destroying it cancels the load and waits until nothing writes into
// the buffer any more.
class Job {
public:
    static constexpr std::chrono::milliseconds for_ever{-1};

    // Where the load stands; never waits. Any thread, at any time.
    zstack_progress poll() const { return detail::filled<zstack_progress>(zstack_job_poll, handle_.get()); }

    // Asks the load to stop. Any thread, at any time.
    void cancel() const noexcept { zstack_job_cancel(handle_.get()); }

    // The next slice that was dealt with: ZSTACK_STATUS_OK when `event` was
    // filled, PENDING when none came in time, NO_MORE_EVENTS at the end.
    zstack_status next_event(zstack_slice_event &event, std::chrono::milliseconds timeout = for_ever)
    {
        auto error = detail::sized<zstack_error>();
        event = detail::sized<zstack_slice_event>();
        const zstack_status status = zstack_job_next_event(handle_.get(), timeout.count(), &event, &error);
        pass_on();
        if (status != ZSTACK_STATUS_PENDING && status != ZSTACK_STATUS_NO_MORE_EVENTS)
            detail::check(status, error);
        return status;
    }

    // Waits for the end, with callbacks; false when the time ran out before.
    bool wait(std::chrono::milliseconds timeout = for_ever)
    {
        auto error = detail::sized<zstack_error>();
        const zstack_status status = zstack_job_wait(handle_.get(), timeout.count(), &error);
        pass_on();
        if (status != ZSTACK_STATUS_PENDING)
            detail::check(status, error);
        return status == ZSTACK_STATUS_OK;
    }

    // Waits for the end, with callbacks, and gives the buffer back.
    Loaded finish()
    {
        auto error = detail::sized<zstack_error>();
        zstack_report *report = nullptr;
        const zstack_status status = zstack_job_finish(handle_.get(), &report, &error);
        return detail::ended(status, report, error, *bridge_);
    }

private:
    friend class Stack;
    Job(zstack_job *job, std::unique_ptr<detail::Bridge> bridge) noexcept
        : bridge_(std::move(bridge)), handle_(job)
    {
    }

    void pass_on()
    {
        if (bridge_->threw())
            cancel();
        bridge_->rethrow();
    }

    // Freed last: the job points to it.
    std::unique_ptr<detail::Bridge> bridge_;
    detail::Owned<zstack_job, zstack_job_free> handle_;
};

// An opened stack. It never changes: any number of threads may use it.
class Stack {
public:
    // A folder, a file, or a pattern such as "scan/s_*.tif".
    static Stack open(const std::string &path, const zstack_open_options &options = open_options())
    {
        auto error = detail::sized<zstack_error>();
        zstack *handle = nullptr;
        detail::check(zstack_open(path.c_str(), &options, &handle, &error), error);
        return Stack(handle);
    }

    // Each path a slice, in this order.
    static Stack open_list(const std::vector<std::string> &paths,
                           const zstack_open_options &options = open_options())
    {
        std::vector<const char *> texts;
        texts.reserve(paths.size());
        for (const std::string &path : paths)
            texts.push_back(path.c_str());
        auto error = detail::sized<zstack_error>();
        zstack *handle = nullptr;
        detail::check(zstack_open_list(texts.data(), texts.size(), &options, &handle, &error), error);
        return Stack(handle);
    }

    zstack_info info() const { return detail::filled<zstack_info>(zstack_get_info, get()); }

    zstack_slice_info slice(std::uint64_t index) const
    {
        return detail::filled<zstack_slice_info>(zstack_get_slice, get(), index);
    }

    // The files and pages that are no slices, and why.
    std::vector<zstack_rejected_info> rejected() const
    {
        return detail::all<zstack_rejected_info>(zstack_get_rejected, get(), info().rejected);
    }

    // The runs of numbers that no file has.
    std::vector<zstack_gap_info> gaps() const
    {
        return detail::all<zstack_gap_info>(zstack_get_gap, get(), info().gaps);
    }

    // How large a voxel is, in micrometres, and who says so.
    zstack_voxel_info voxel() const
    {
        return detail::filled<zstack_voxel_info>(zstack_get_voxel, get());
    }

    // Which of a file's planes are channels, depth and time.
    zstack_axes_info axes() const
    {
        return detail::filled<zstack_axes_info>(zstack_get_axes, get());
    }

    // What a load with these options needs and does.
    zstack_plan_info plan(const zstack_load_options &options = load_options()) const
    {
        return detail::filled<zstack_plan_info>(zstack_plan, get(), &options);
    }

    // Loads in parallel into a buffer of plan().buffer_bytes; returns when all is done.
    Loaded load(void *buffer, std::uint64_t buffer_bytes, const zstack_load_options &options = load_options(),
                Callbacks callbacks = {}) const
    {
        detail::Bridge bridge(std::move(callbacks));
        const zstack_load_options joined = bridge.join(options);
        auto error = detail::sized<zstack_error>();
        zstack_report *report = nullptr;
        const zstack_status status = zstack_load(get(), &joined, buffer, buffer_bytes, &report, &error);
        return detail::ended(status, report, error, bridge);
    }

    // The same into numbers, which must be of the stack's sample type, or bytes.
    template <class T>
    Loaded load(span<T> buffer, const zstack_load_options &options = load_options(),
                Callbacks callbacks = {}) const
    {
        check_type<T>();
        return load(buffer.data(), buffer.size_bytes(), options, std::move(callbacks));
    }

    // Starts a load and returns at once.
    Job start(void *buffer, std::uint64_t buffer_bytes, const zstack_load_options &options = load_options(),
              Callbacks callbacks = {}) const
    {
        auto bridge = std::make_unique<detail::Bridge>(std::move(callbacks));
        const zstack_load_options joined = bridge->join(options);
        auto error = detail::sized<zstack_error>();
        zstack_job *job = nullptr;
        detail::check(zstack_start(get(), &joined, buffer, buffer_bytes, &job, &error), error);
        return Job(job, std::move(bridge));
    }

    template <class T>
    Job start(span<T> buffer, const zstack_load_options &options = load_options(),
              Callbacks callbacks = {}) const
    {
        check_type<T>();
        return start(buffer.data(), buffer.size_bytes(), options, std::move(callbacks));
    }

    const zstack *get() const noexcept { return handle_.get(); }

private:
    explicit Stack(zstack *handle) noexcept : handle_(handle) {}

    template <class T>
    void check_type() const
    {
        const std::int32_t type = info().sample_type;
        if (!detail::holds<T>(type))
            throw Error(ZSTACK_STATUS_INVALID_ARGUMENT, std::string("the buffer is not of the stack's type, ") +
                                                            zstack_sample_type_name(type));
    }

    detail::Owned<zstack, zstack_free> handle_;
};

} // namespace zs

#endif
