// What the test bench of a core does around its top function: golden frames from files, the
// comparison, the first differences by channel, row and column. Never synthesised.
#ifndef LICC_SESSION_H
#define LICC_SESSION_H

#include "test_bench.h"

namespace licc::bench {

constexpr int transactions = 2; // co-simulation measures the interval between them
constexpr int shown_differences = 10;

// Lane `lane` of a frame in a file.
template <class Cfg>
long long value_at(const std::vector<unsigned char> &frame, std::size_t lane) {
    constexpr int bytes = ceil_div(Cfg::input::bits, 8);
    const unsigned char *first = frame.data() + lane * bytes;
    const bool negative = Cfg::input::is_signed && first[bytes - 1] > 127;
    unsigned long long value = negative ? ~0ULL : 0;
    for (int byte = bytes - 1; byte >= 0; --byte) value = value << 8 | first[byte];
    return static_cast<long long>(value);
}

// Prints the first differences between two frames of one size; returns how many values differ.
template <class Cfg>
long differences(const std::string &title, const std::vector<unsigned char> &found,
                 const std::vector<unsigned char> &expected) {
    constexpr int bytes = ceil_div(Cfg::input::bits, 8);
    constexpr int pixel = ceil_div(Cfg::channels, Cfg::lanes) * Cfg::lanes;
    long count = 0;
    for (std::size_t lane = 0; lane < expected.size() / bytes; ++lane) {
        const long long is = value_at<Cfg>(found, lane), should = value_at<Cfg>(expected, lane);
        if (is == should || ++count > shown_differences) continue;
        const int channel = int(lane % pixel), place = int(lane / pixel);
        std::fprintf(stderr, "%s: channel %d%s, y %d, x %d: expected %lld, found %lld\n",
                     title.c_str(), channel, channel < Cfg::channels ? "" : " (padding)",
                     place / Cfg::width, place % Cfg::width, should, is);
    }
    return count;
}

// Source and Sink: the Cfg of the core's read_axis and write_axis.
template <class Source, class Sink> class session {
  public:
    session(const char *core, int argc, char **argv) : core_(core) {
        const auto argument = [&](int i, const std::string &usual) {
            return argc > i ? std::string(argv[i]) : usual;
        };
        input_ = file_bytes(argument(1, core_ + "_input.bin"));
        const std::string expected = argument(2, core_ + "_expected.bin");
        compares_ = expected != "-";
        if (compares_) expected_ = file_bytes(expected);
        output_path_ = argument(3, "");
        constexpr std::size_t bytes = std::size_t(Sink::height) * Sink::width *
                                      ceil_div(Sink::channels, Sink::lanes) * Sink::lanes *
                                      ceil_div(Sink::input::bits, 8);
        if (compares_ && expected_.size() != bytes) {
            std::fprintf(stderr, "error: %s has %ld bytes, a frame has %ld\n", expected.c_str(),
                         long(expected_.size()), long(bytes));
            std::exit(missing_file_status);
        }
    }

    // Whether another frame is to be sent: two that are compared, or one that is not.
    bool more() const { return sent_ < (compares_ ? transactions : 1); }

    void send(hls::stream<axis_word<typename Source::input, Source::lanes>> &in) {
        ++sent_;
        bench::send<Source>(input_, in);
    }

    void check(hls::stream<axis_word<typename Sink::input, Sink::lanes>> &out) {
        std::vector<unsigned char> found;
        const std::string title = core_ + ", frame " + std::to_string(sent_);
        if (!receive<Sink>(out, found) || !out.empty()) {
            std::fprintf(stderr, "%s: beats lack or are left, or TUSER or TLAST stand wrong\n",
                         title.c_str());
            failed_ = true;
            return;
        }
        if (compares_) {
            const long count = differences<Sink>(title, found, expected_);
            failed_ = failed_ || count != 0;
            std::printf("%s: %ld of %ld values differ\n", title.c_str(), count,
                        long(expected_.size()) / ceil_div(Sink::input::bits, 8));
        }
        write(found);
    }

    int status() const { return failed_ ? 1 : 0; }

  private:
    void write(const std::vector<unsigned char> &frame) {
        if (output_path_.empty()) return;
        std::ofstream file(output_path_, std::ios::binary);
        file.write(reinterpret_cast<const char *>(frame.data()), std::streamsize(frame.size()));
        if (file.flush()) return;
        std::fprintf(stderr, "error: cannot write %s\n", output_path_.c_str());
        std::exit(missing_file_status);
    }

    std::string core_, output_path_;
    std::vector<unsigned char> input_, expected_;
    bool compares_ = true, failed_ = false;
    int sent_ = 0;
};

} // namespace licc::bench

#endif
