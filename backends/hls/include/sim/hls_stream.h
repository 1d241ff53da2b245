// hls::stream for the g++ build: AMD's interface, bounded and blocking.
//
// `hls::stream<T, DEPTH>` holds DEPTH words; a reader of an empty FIFO and a writer into a full one
// wait (scheduler.h). `hls::stream<T>` is what actors take by reference; declared as such it is
// unbounded, which is how a test bench feeds a top function.
#ifndef LICC_SIM_HLS_STREAM_H
#define LICC_SIM_HLS_STREAM_H

#include <cstddef>
#include <vector>

#include "scheduler.h"

namespace hls {

template <class T, int DEPTH = 0> class stream;

template <class T> class stream<T, 0> {
  public:
    using value_type = T;

    explicit stream(const char *name = "unnamed") : stream(name, 0) {}
    stream(const stream &) = delete;
    stream &operator=(const stream &) = delete;
    ~stream() { scheduler().remove(channel_); }

    T read() {
        while (channel_.fill == 0)
            scheduler().wait(channel_, &licc::sim::channel::waiting_reader);
        return pop();
    }

    void read(T &value) { value = read(); }

    void write(const T &value) {
        while (full()) scheduler().wait(channel_, &licc::sim::channel::waiting_writer);
        push(value);
    }

    bool read_nb(T &value) {
        if (empty()) return false;
        value = pop();
        return true;
    }

    bool write_nb(const T &value) {
        if (full()) return false;
        push(value);
        return true;
    }

    bool empty() const { return channel_.fill == 0; }
    bool full() const { return channel_.depth != 0 && channel_.fill == channel_.depth; }
    std::size_t size() const { return channel_.fill; }
    std::size_t capacity() const { return channel_.depth; }
    void operator>>(T &value) { read(value); }
    void operator<<(const T &value) { write(value); }

  protected:
    stream(const char *name, std::size_t depth)
        : channel_{name, depth}, words_(depth ? depth : 64) {
        scheduler().add(channel_);
    }

  private:
    static licc::sim::scheduler &scheduler() { return licc::sim::scheduler::instance(); }

    T pop() {
        const T &value = words_[first_];
        if (++first_ == words_.size()) first_ = 0;
        --channel_.fill;
        if (channel_.waiting_writer) scheduler().wake(channel_.waiting_writer);
        return value;
    }

    void push(const T &value) {
        if (channel_.fill == words_.size()) grow();
        std::size_t end = first_ + channel_.fill;
        if (end >= words_.size()) end -= words_.size();
        words_[end] = value;
        ++channel_.fill;
        if (channel_.waiting_reader) scheduler().wake(channel_.waiting_reader);
    }

    void grow() {
        std::vector<T> larger(2 * words_.size());
        for (std::size_t i = 0; i < channel_.fill; ++i)
            larger[i] = words_[(first_ + i) % words_.size()];
        words_.swap(larger);
        first_ = 0;
    }

    licc::sim::channel channel_;
    std::vector<T> words_;
    std::size_t first_ = 0;
};

template <class T, int DEPTH> class stream : public stream<T, 0> {
  public:
    explicit stream(const char *name = "unnamed") : stream<T, 0>(name, DEPTH) {}
};

} // namespace hls

#endif
