// absolute: |x|, saturated to the result's type. One loop, a word every iteration.
//
// Cfg:
//   using input = licc::sint<16>, output = licc::uint<16>
//   int pixels, channels, lanes
#ifndef LICC_ABSOLUTE_H
#define LICC_ABSOLUTE_H

#include <hls_stream.h>

#include "arithmetic.h"

namespace licc {

template <class Cfg>
void absolute(hls::stream<word<typename Cfg::input, Cfg::lanes>> &in,
              hls::stream<word<typename Cfg::output, Cfg::lanes>> &out) {
    using wide = typename sint<larger(Cfg::input::bits, Cfg::output::bits) + 1>::type;
    constexpr int words = Cfg::pixels * ceil_div(Cfg::channels, Cfg::lanes);
    for (int i = 0; i < words; ++i) {
#pragma HLS pipeline II=1
        const word<typename Cfg::input, Cfg::lanes> x = in.read();
        word<typename Cfg::output, Cfg::lanes> result;
        for (int lane = 0; lane < Cfg::lanes; ++lane) {
#pragma HLS unroll
            const wide v = x.lane[lane];
            result.lane[lane] = saturate<typename Cfg::output>(v < 0 ? wide(-v) : v);
        }
        out.write(result);
    }
}

} // namespace licc

#endif
