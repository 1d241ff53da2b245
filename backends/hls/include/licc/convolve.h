// convolve: mac and requantize in one engine; the sums never leave it.
//
// Cfg: the fields of mac.h, and
//   using bias = licc::sint<32>;             integer type of the bias
//   using output = licc::sint<8>;            integer type of the result
//   int shift                                0 to 62
#ifndef LICC_CONVOLVE_H
#define LICC_CONVOLVE_H

#include "mac.h"
#include "requantize.h"

namespace licc {

// A frame; `negative` may be `multiplier` itself.
template <class Cfg, class Weight, class Bias, class Multiplier, class Negative>
void convolve_frame(
    hls::stream<input_word<Cfg>> &in, hls::stream<word<typename Cfg::output, Cfg::out_lanes>> &out,
    const Weight (&weights)[Cfg::sum_lanes][engine<Cfg>::depth][engine<Cfg>::factors],
    const Bias (&bias)[engine<Cfg>::result_words][Cfg::out_lanes],
    const Multiplier (&multiplier)[engine<Cfg>::result_words][Cfg::out_lanes],
    const Negative (&negative)[engine<Cfg>::result_words][Cfg::out_lanes]) {
#pragma HLS inline
#pragma HLS array_partition variable=weights dim=1 type=complete
#pragma HLS array_reshape variable=weights dim=3 type=complete
    if constexpr (Cfg::memory == memory::bram) {
#pragma HLS bind_storage variable=weights type=rom_1p impl=bram
    } else if constexpr (Cfg::memory == memory::lutram) {
#pragma HLS bind_storage variable=weights type=rom_1p impl=lutram
    }
#pragma HLS array_reshape variable=bias dim=2 type=complete
#pragma HLS array_reshape variable=multiplier dim=2 type=complete
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
            out.write(requantized_word<Cfg>(results.leaving[0], bias, multiplier, negative,
                                            results.word));
            results.advance();
        }
    }
}

template <class Cfg, class Weight, class Bias, class Multiplier, class Negative>
void convolve(hls::stream<input_word<Cfg>> &in,
              hls::stream<word<typename Cfg::output, Cfg::out_lanes>> &out,
              const Weight (&weights)[Cfg::sum_lanes][engine<Cfg>::depth][engine<Cfg>::factors],
              const Bias (&bias)[engine<Cfg>::result_words][Cfg::out_lanes],
              const Multiplier (&multiplier)[engine<Cfg>::result_words][Cfg::out_lanes],
              const Negative (&negative)[engine<Cfg>::result_words][Cfg::out_lanes]) {
#pragma HLS array_reshape variable=negative dim=2 type=complete
    convolve_frame<Cfg>(in, out, weights, bias, multiplier, negative);
}

template <class Cfg, class Weight, class Bias, class Multiplier>
void convolve(hls::stream<input_word<Cfg>> &in,
              hls::stream<word<typename Cfg::output, Cfg::out_lanes>> &out,
              const Weight (&weights)[Cfg::sum_lanes][engine<Cfg>::depth][engine<Cfg>::factors],
              const Bias (&bias)[engine<Cfg>::result_words][Cfg::out_lanes],
              const Multiplier (&multiplier)[engine<Cfg>::result_words][Cfg::out_lanes]) {
    convolve_frame<Cfg>(in, out, weights, bias, multiplier, multiplier);
}

} // namespace licc

#endif
