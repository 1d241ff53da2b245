// What the test bench of a design does with frames: never synthesised.
//
// A frame in a file is the TDATA bytes of its beats in order (axis.h): pixel by pixel, lane by lane,
// each lane in whole little-endian bytes, padding lanes included.
#ifndef LICC_TEST_BENCH_H
#define LICC_TEST_BENCH_H

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "axis.h"

namespace licc::bench {

constexpr int missing_file_status = 3;

inline std::vector<unsigned char> file_bytes(const std::string &path) {
    std::ifstream file(path, std::ios::binary);
    if (!file) {
        std::fprintf(stderr, "error: cannot read %s\n", path.c_str());
        std::exit(missing_file_status);
    }
    return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

// Feeds a frame to the input of a top function. Cfg: that of its read_axis.
template <class Cfg>
void send(const std::vector<unsigned char> &frame,
          hls::stream<axis_word<typename Cfg::input, Cfg::lanes>> &out) {
    constexpr int bytes = Cfg::lanes * ceil_div(Cfg::input::bits, 8);
    constexpr int line = Cfg::width * ceil_div(Cfg::channels, Cfg::lanes);
    if (frame.size() != std::size_t(bytes) * line * Cfg::height) {
        std::fprintf(stderr, "error: a frame has %ld bytes, the file has %ld\n",
                     long(bytes) * line * Cfg::height, long(frame.size()));
        std::exit(missing_file_status);
    }
    for (int i = 0; i < line * Cfg::height; ++i) {
        axis_word<typename Cfg::input, Cfg::lanes> beat;
        for (int byte = 0; byte < bytes; ++byte) {
            const unsigned long long value = frame[std::size_t(i) * bytes + byte];
            beat.data.range(8 * byte + 7, 8 * byte) = value;
        }
        beat.keep = -1;
        beat.strb = -1;
        beat.user = i == 0;
        beat.last = i % line == line - 1;
        beat.id = 0;
        beat.dest = 0;
        out.write(beat);
    }
}

// Takes a frame from the output of a top function; false if TUSER or TLAST stand wrong, or if beats
// lack or are left. Cfg: that of its write_axis.
template <class Cfg>
bool receive(hls::stream<axis_word<typename Cfg::input, Cfg::lanes>> &in,
             std::vector<unsigned char> &frame) {
    constexpr int bytes = Cfg::lanes * ceil_div(Cfg::input::bits, 8);
    constexpr int line = Cfg::width * ceil_div(Cfg::channels, Cfg::lanes);
    bool framed = true;
    frame.clear();
    for (int i = 0; i < line * Cfg::height && !in.empty(); ++i) {
        const axis_word<typename Cfg::input, Cfg::lanes> beat = in.read();
        for (int byte = 0; byte < bytes; ++byte)
            frame.push_back(
                static_cast<unsigned char>(beat.data.range(8 * byte + 7, 8 * byte).to_uint64()));
        framed = framed && bool(beat.user) == (i == 0) && bool(beat.last) == (i % line == line - 1);
    }
    return framed && frame.size() == std::size_t(bytes) * line * Cfg::height;
}

} // namespace licc::bench

#endif
