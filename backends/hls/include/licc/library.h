// A core as a function of a shared library, which the runtime calls: never synthesised.
//
// Compiled in front of <core>.cpp, with <core>.h in front of it and LICC_TOP the core's name. Frames
// are the TDATA bytes of their beats in order, as in the files of the test bench.
#ifndef LICC_LIBRARY_H
#define LICC_LIBRARY_H

#include <cstring>

namespace licc::library {

// Status of `licc_run`: the frame is done, or the core gave more or fewer beats than a frame has.
constexpr int done = 0, wrong_beats = 1;

template <class IN, class OUT>
int run(void (*top)(hls::stream<IN> &, hls::stream<OUT> &), const unsigned char *given,
        long long given_beats, long long given_line, unsigned char *found, long long found_beats) {
    hls::stream<IN> in("in");
    hls::stream<OUT> out("out");
    for (long long i = 0; i < given_beats; ++i) {
        IN beat{};
        std::memcpy(beat.data.byte, given + i * sizeof beat.data.byte, sizeof beat.data.byte);
        beat.keep = beat.strb = -1;
        beat.user = i == 0;
        beat.last = i % given_line == given_line - 1;
        in.write(beat);
    }
    top(in, out);
    for (long long i = 0; i < found_beats; ++i) {
        if (out.empty()) return wrong_beats;
        const OUT beat = out.read();
        std::memcpy(found + i * sizeof beat.data.byte, beat.data.byte, sizeof beat.data.byte);
    }
    return out.empty() ? done : wrong_beats;
}

} // namespace licc::library

// One frame through the core; `given_line` is how many beats a line of the input has.
extern "C" __attribute__((visibility("default"))) inline __attribute__((used)) int
licc_run(const unsigned char *given, long long given_beats, long long given_line,
         unsigned char *found, long long found_beats) {
    return licc::library::run(LICC_TOP, given, given_beats, given_line, found, found_beats);
}

#endif
