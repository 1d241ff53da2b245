// read_axis and write_axis: between AXI4-Stream beats and words, by the video convention: TUSER
// marks the first beat of a frame, TLAST the last beat of every line.
//
// A beat is a word: lane l lies in the bytes l * b to l * b + b - 1 of TDATA, little-endian, b =
// ceil(bits / 8), sign-extended if signed. A pixel takes ceil(channels / lanes) beats; padding lanes of
// its last beat are zero.
//
// The reader takes exactly height * width * ceil(channels / lanes) beats, a frame, and looks at TDATA
// only: it starts where the previous frame ended. One loop each, a beat every iteration.
//
// Cfg:
//   using input = licc::uint<8>;             integer type of a channel
//   int height, width, channels, lanes
#ifndef LICC_AXIS_H
#define LICC_AXIS_H

#include <ap_axi_sdata.h>
#include <hls_stream.h>

#include "types.h"

namespace licc {

// The beat that carries a word.
template <class INTEGER, int LANES>
using axis_word = ap_axiu<LANES * 8 * ceil_div(INTEGER::bits, 8), 1, 1, 1>;

template <class INTEGER, int LANES>
word<INTEGER, LANES> from_axis(axis_word<INTEGER, LANES> beat) {
#pragma HLS inline
    constexpr int bits = 8 * ceil_div(INTEGER::bits, 8);
    word<INTEGER, LANES> result;
    for (int lane = 0; lane < LANES; ++lane) {
#pragma HLS unroll
        const unsigned long long raw =
            beat.data.range(bits * lane + bits - 1, bits * lane).to_uint64();
        const long long extended = static_cast<long long>(raw << (64 - bits)) >> (64 - bits);
        result.lane[lane] = static_cast<typename INTEGER::type>(INTEGER::is_signed ? extended : raw);
    }
    return result;
}

template <class INTEGER, int LANES>
axis_word<INTEGER, LANES> to_axis(const word<INTEGER, LANES> &values, bool user, bool last) {
#pragma HLS inline
    constexpr int bits = 8 * ceil_div(INTEGER::bits, 8);
    axis_word<INTEGER, LANES> beat;
    for (int lane = 0; lane < LANES; ++lane) {
#pragma HLS unroll
        const long long extended = static_cast<long long>(values.lane[lane]);
        beat.data.range(bits * lane + bits - 1, bits * lane) =
            static_cast<unsigned long long>(extended) & (~0ULL >> (64 - bits));
    }
    beat.keep = -1;
    beat.strb = -1;
    beat.user = user;
    beat.last = last;
    beat.id = 0;
    beat.dest = 0;
    return beat;
}

template <class Cfg>
void read_axis(hls::stream<axis_word<typename Cfg::input, Cfg::lanes>> &in,
               hls::stream<word<typename Cfg::input, Cfg::lanes>> &out) {
    constexpr int beats = Cfg::height * Cfg::width * ceil_div(Cfg::channels, Cfg::lanes);
    for (int i = 0; i < beats; ++i) {
#pragma HLS pipeline II=1
        out.write(from_axis<typename Cfg::input, Cfg::lanes>(in.read()));
    }
}

template <class Cfg>
void write_axis(hls::stream<word<typename Cfg::input, Cfg::lanes>> &in,
                hls::stream<axis_word<typename Cfg::input, Cfg::lanes>> &out) {
    constexpr int line = Cfg::width * ceil_div(Cfg::channels, Cfg::lanes);
    constexpr int beats = Cfg::height * line;
    counter<line> column = 0;
    for (int i = 0; i < beats; ++i) {
#pragma HLS pipeline II=1
        out.write(to_axis<typename Cfg::input, Cfg::lanes>(in.read(), i == 0, column == line - 1));
        if (++column == line) column = 0;
    }
}

} // namespace licc

#endif
