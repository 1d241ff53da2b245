// offset: adds a constant per channel, in fixed point: a median to a symbol, say.
//
//   out = saturate((x << shift) + offset[c])
//
// offset is a ROM [ceil(channels / lanes)][lanes], zero behind the last channel. One loop, a word every
// iteration.
//
// Cfg:
//   using input = licc::sint<16>, output = licc::sint<16>
//   using offset = licc::sint<16>;           integer type of the constants
//   int pixels, channels, lanes
//   int shift
#ifndef LICC_OFFSET_H
#define LICC_OFFSET_H

#include <hls_stream.h>

#include "arithmetic.h"

namespace licc {

template <class Cfg, class Offset>
void offset(hls::stream<word<typename Cfg::input, Cfg::lanes>> &in,
            hls::stream<word<typename Cfg::output, Cfg::lanes>> &out,
            const Offset (&constants)[ceil_div(Cfg::channels, Cfg::lanes)][Cfg::lanes]) {
#pragma HLS array_reshape variable=constants dim=2 type=complete
    constexpr int groups = ceil_div(Cfg::channels, Cfg::lanes);
    constexpr int bits = larger(larger(Cfg::input::bits + Cfg::shift, Cfg::offset::bits) + 2,
                                Cfg::output::bits + 1);
    using sum = typename sint<bits>::type;
    counter<groups> group = 0;
    constexpr int words = Cfg::pixels * groups;
    for (int i = 0; i < words; ++i) {
#pragma HLS pipeline II=1
        const word<typename Cfg::input, Cfg::lanes> x = in.read();
        word<typename Cfg::output, Cfg::lanes> result;
        for (int lane = 0; lane < Cfg::lanes; ++lane) {
#pragma HLS unroll
            const sum scaled = sum(x.lane[lane]) * sum(sum(1) << Cfg::shift);
            const typename Cfg::offset::type constant = constants[group][lane];
            result.lane[lane] = saturate<typename Cfg::output>(sum(scaled + constant));
        }
        out.write(result);
        if (++group == groups) group = 0;
    }
}

} // namespace licc

#endif
