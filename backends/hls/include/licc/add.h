// add: joins two FIFOs of one scale: x + y, saturated to the result's type. One loop, a word of each
// every iteration.
//
// Cfg:
//   using lhs = licc::sint<8>, rhs = licc::sint<8>, output = licc::sint<9>
//   int pixels, channels, lanes
#ifndef LICC_ADD_H
#define LICC_ADD_H

#include <hls_stream.h>

#include "arithmetic.h"

namespace licc {

template <class Cfg>
void add(hls::stream<word<typename Cfg::lhs, Cfg::lanes>> &lhs,
         hls::stream<word<typename Cfg::rhs, Cfg::lanes>> &rhs,
         hls::stream<word<typename Cfg::output, Cfg::lanes>> &out) {
    constexpr int operand_bits = larger(Cfg::lhs::bits, Cfg::rhs::bits) + 2;
    using sum = typename sint<larger(operand_bits, Cfg::output::bits + 1)>::type;
    constexpr int words = Cfg::pixels * ceil_div(Cfg::channels, Cfg::lanes);
    for (int i = 0; i < words; ++i) {
#pragma HLS pipeline II=1
        const word<typename Cfg::lhs, Cfg::lanes> x = lhs.read();
        const word<typename Cfg::rhs, Cfg::lanes> y = rhs.read();
        word<typename Cfg::output, Cfg::lanes> result;
        for (int lane = 0; lane < Cfg::lanes; ++lane) {
#pragma HLS unroll
            const sum total = sum(x.lane[lane]) + sum(y.lane[lane]);
            result.lane[lane] = saturate<typename Cfg::output>(total);
        }
        out.write(result);
    }
}

} // namespace licc

#endif
