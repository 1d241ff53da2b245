// convert_width: cuts the words of every pixel anew, from in_lanes to out_lanes; either may divide
// the channels or not. Padding lanes of the result are zero.
//
// One loop of pixels * steps iterations. In a step a word is read while the pixel lasts, and a word is
// written if its channels are there: steps = max(words in, words out), and one more where the last
// word in completes two words out (7 channels, from 4 lanes to 6).
//
// Cfg:
//   using input = licc::sint<8>;
//   int pixels, channels
//   int in_lanes, out_lanes
#ifndef LICC_CONVERT_WIDTH_H
#define LICC_CONVERT_WIDTH_H

#include <hls_stream.h>

#include "types.h"

namespace licc {

// Iterations per pixel.
constexpr int conversion_steps(int channels, int in_lanes, int out_lanes) {
    const int in = ceil_div(channels, in_lanes), out = ceil_div(channels, out_lanes);
    const bool two_at_once = out_lanes > in_lanes && (in - 1) * in_lanes < (out - 1) * out_lanes;
    return larger(in, out) + (two_at_once ? 1 : 0);
}

template <class Cfg>
void convert_width(hls::stream<word<typename Cfg::input, Cfg::in_lanes>> &in,
                   hls::stream<word<typename Cfg::input, Cfg::out_lanes>> &out) {
    using value = typename Cfg::input::type;
    constexpr int steps = conversion_steps(Cfg::channels, Cfg::in_lanes, Cfg::out_lanes);
    constexpr int in_words = ceil_div(Cfg::channels, Cfg::in_lanes);
    constexpr int out_words = ceil_div(Cfg::channels, Cfg::out_lanes);
    constexpr int padded = larger(in_words * Cfg::in_lanes, out_words * Cfg::out_lanes);
    static_assert(padded <= 1024, "an array is partitioned into at most 1024 pieces");
    value pixel[padded] = {};
#pragma HLS array_partition variable=pixel type=complete
    counter<padded> received = 0, sent = 0; // channels
    counter<in_words> in_word = 0;
    counter<out_words> out_word = 0;
    counter<steps> step = 0;
    constexpr int iterations = Cfg::pixels * steps;
    for (int i = 0; i < iterations; ++i) {
#pragma HLS pipeline II=1
        if (received < Cfg::channels) {
            const word<typename Cfg::input, Cfg::in_lanes> values = in.read();
            place<in_words>(pixel, in_word, values);
            received += Cfg::in_lanes;
            ++in_word;
        }
        if (sent < Cfg::channels &&
            (received >= Cfg::channels || received >= sent + Cfg::out_lanes)) {
            word<typename Cfg::input, Cfg::out_lanes> values;
            for (int lane = 0; lane < Cfg::out_lanes; ++lane) {
#pragma HLS unroll
                const bool padding = sent + lane >= Cfg::channels;
                const value found = pick<out_words, Cfg::out_lanes>(pixel, out_word, lane);
                values.lane[lane] = padding ? value(0) : found;
            }
            out.write(values);
            sent += Cfg::out_lanes;
            ++out_word;
        }
        if (++step == steps) {
            step = 0;
            received = 0;
            sent = 0;
            in_word = 0;
            out_word = 0;
        }
    }
}

} // namespace licc

#endif
