// mac: multiplies windows with weights; the accumulators of every output pixel, in words of out_lanes.
//
// Every word [neighbours][taps][in_lanes] from the line buffer meets
// weights[sum lane][index][taps * in_lanes]; `index` counts through the phases of a transposed
// convolution (rows outer), in each the groups of sum_lanes output channels, the steps over the kernel,
// the groups of input channels: the order in which the line buffer sends. Rows of channels beyond the
// last one, and missing taps, hold zeros. One loop; a word every iteration.
//
// The sums leave as waiting_sums.h says; the words of the frame's last set take iterations of their
// own. Products may share multipliers: products.h.
//
// Cfg: the fields of window.h, and
//   using input = licc::sint<8>;             integer type of the windows
//   using weight = licc::sint<8>;            integer type of the weights
//   using accumulator = licc::sint<23>;      holds every sum
//   int outputs, sum_lanes                   output channels; how many are summed up side by side
//   int out_lanes                            how many leave side by side; divides sum_lanes
//   int packed_outputs, packed_pixels        products per multiplier: 1 and 1, 2 and 1, 1 and 2, 2 and 2
//   int chain                                products per split
//   licc::multiplier products                what they are made of
//   licc::memory memory                      of the weights
#ifndef LICC_MAC_H
#define LICC_MAC_H

#include <hls_stream.h>

#include "waiting_sums.h"

namespace licc {

template <class Cfg, class Weight>
void mac(hls::stream<input_word<Cfg>> &in, hls::stream<sum_word<Cfg>> &out,
         const Weight (&weights)[Cfg::sum_lanes][engine<Cfg>::depth][engine<Cfg>::factors]) {
#pragma HLS array_partition variable=weights dim=1 type=complete
#pragma HLS array_reshape variable=weights dim=3 type=complete
    if constexpr (Cfg::memory == memory::bram) {
#pragma HLS bind_storage variable=weights type=rom_1p impl=bram
    } else if constexpr (Cfg::memory == memory::lutram) {
#pragma HLS bind_storage variable=weights type=rom_1p impl=lutram
    }
    mac_position<Cfg> at;
    waiting_sums<Cfg> results;
    typename engine<Cfg>::accumulator sums[Cfg::neighbours][Cfg::sum_lanes] = {};
#pragma HLS array_partition variable=sums dim=0 type=complete
#pragma HLS array_partition variable=results.held dim=0 type=complete
#pragma HLS array_partition variable=results.leaving dim=0 type=complete
    for (int i = 0; i < engine<Cfg>::cycles; ++i) {
#pragma HLS pipeline II=1
        if (i < engine<Cfg>::steps) {
            accumulate<Cfg>(in.read(), weights, at, sums);
            if (at.last()) results.collect(sums, at);
            at.advance();
        }
        if (results.left != 0) {
            sum_word<Cfg> result;
            for (int lane = 0; lane < Cfg::out_lanes; ++lane) {
#pragma HLS unroll
                result.lane[lane] = results.leaving[0][lane];
            }
            out.write(result);
            results.advance();
        }
    }
}

} // namespace licc

#endif
