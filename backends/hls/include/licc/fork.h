// fork: copies every word to two readers. One loop, a word every iteration.
//
// Cfg:
//   using input = licc::sint<8>;
//   int pixels, channels, lanes
#ifndef LICC_FORK_H
#define LICC_FORK_H

#include <hls_stream.h>

#include "types.h"

namespace licc {

template <class Cfg>
void fork(hls::stream<word<typename Cfg::input, Cfg::lanes>> &in,
          hls::stream<word<typename Cfg::input, Cfg::lanes>> &first,
          hls::stream<word<typename Cfg::input, Cfg::lanes>> &second) {
    constexpr int words = Cfg::pixels * ceil_div(Cfg::channels, Cfg::lanes);
    for (int i = 0; i < words; ++i) {
#pragma HLS pipeline II=1
        const word<typename Cfg::input, Cfg::lanes> value = in.read();
        first.write(value);
        second.write(value);
    }
}

} // namespace licc

#endif
