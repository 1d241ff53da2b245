// requantize: from accumulators to the activations of the next layer, word by word.
//
//   v = acc + bias[c];  M = negative[c] if v < 0 and `negative` is given, else multiplier[c]
//   out = saturate(round_shift(v * M, shift))
// A ReLU is a `negative` of zeros, a leaky ReLU one of round(M * slope).
//
// Vectors are ROMs [groups][lanes], groups = ceil(channels / lanes), zeros behind the last channel (so
// that padding lanes of `out` are zero). One loop of pixels * groups iterations.
//
// Cfg:
//   using accumulator = licc::sint<23>;      integer type of the input
//   using bias = licc::sint<32>;             integer type of the bias
//   using output = licc::sint<8>;            integer type of the result
//   int pixels, outputs, out_lanes           pixels of a frame; channels; how many side by side
//   int shift                                0 to 62
#ifndef LICC_REQUANTIZE_H
#define LICC_REQUANTIZE_H

#include <hls_stream.h>

#include "arithmetic.h"

namespace licc {

// Constants of a requantiser.
template <class Cfg> struct requantizer {
    static constexpr int groups = ceil_div(Cfg::outputs, Cfg::out_lanes);
    static constexpr int sum_bits = larger(Cfg::accumulator::bits, Cfg::bias::bits) + 1;
    // Holds v * M with M in 17 bits, the half that rounding adds, and the bounds of the output.
    static constexpr int exact_bits =
        larger(larger(sum_bits + 17, Cfg::shift + 1), Cfg::output::bits + 1) + 1;
    using sum = typename sint<(sum_bits < 64 ? sum_bits : 64)>::type;
    using product = typename sint<(exact_bits < 64 ? exact_bits : 64)>::type;
    using multiplier = uint<17>::type;
};

template <class Cfg>
typename Cfg::output::type requantized(typename Cfg::accumulator::type value,
                                       typename Cfg::bias::type bias,
                                       typename requantizer<Cfg>::multiplier positive,
                                       typename requantizer<Cfg>::multiplier negative) {
#pragma HLS inline
    using types = requantizer<Cfg>;
    using sum = typename types::sum;
    const sum v = sum(value) + bias;
    const auto scale = v < 0 ? negative : positive;
    const auto scaled = multiply<typename types::product>(v, scale);
    return saturate<typename Cfg::output>(round_shift(scaled, Cfg::shift));
}

// One word, of the channels of `group`.
template <class Cfg, class Biases, class Multipliers, class Negatives>
word<typename Cfg::output, Cfg::out_lanes>
requantized_word(const typename Cfg::accumulator::type (&values)[Cfg::out_lanes], const Biases &bias,
                 const Multipliers &multiplier, const Negatives &negative, int group) {
#pragma HLS inline
    word<typename Cfg::output, Cfg::out_lanes> result;
    for (int lane = 0; lane < Cfg::out_lanes; ++lane) {
#pragma HLS unroll
        result.lane[lane] =
            requantized<Cfg>(values[lane], bias[group][lane], multiplier[group][lane],
                             negative[group][lane]);
    }
    return result;
}

// A frame; `negative` may be `multiplier` itself.
template <class Cfg, class Bias, class Multiplier, class Negative>
void requantize_frame(hls::stream<word<typename Cfg::accumulator, Cfg::out_lanes>> &in,
                      hls::stream<word<typename Cfg::output, Cfg::out_lanes>> &out,
                      const Bias (&bias)[requantizer<Cfg>::groups][Cfg::out_lanes],
                      const Multiplier (&multiplier)[requantizer<Cfg>::groups][Cfg::out_lanes],
                      const Negative (&negative)[requantizer<Cfg>::groups][Cfg::out_lanes]) {
#pragma HLS inline
#pragma HLS array_reshape variable=bias dim=2 type=complete
#pragma HLS array_reshape variable=multiplier dim=2 type=complete
    constexpr int words = Cfg::pixels * requantizer<Cfg>::groups;
    counter<requantizer<Cfg>::groups> group = 0;
    for (int i = 0; i < words; ++i) {
#pragma HLS pipeline II=1
        const word<typename Cfg::accumulator, Cfg::out_lanes> sums = in.read();
        out.write(requantized_word<Cfg>(sums.lane, bias, multiplier, negative, group));
        if (++group == requantizer<Cfg>::groups) group = 0;
    }
}

template <class Cfg, class Bias, class Multiplier, class Negative>
void requantize(hls::stream<word<typename Cfg::accumulator, Cfg::out_lanes>> &in,
                hls::stream<word<typename Cfg::output, Cfg::out_lanes>> &out,
                const Bias (&bias)[requantizer<Cfg>::groups][Cfg::out_lanes],
                const Multiplier (&multiplier)[requantizer<Cfg>::groups][Cfg::out_lanes],
                const Negative (&negative)[requantizer<Cfg>::groups][Cfg::out_lanes]) {
#pragma HLS array_reshape variable=negative dim=2 type=complete
    requantize_frame<Cfg>(in, out, bias, multiplier, negative);
}

template <class Cfg, class Bias, class Multiplier>
void requantize(hls::stream<word<typename Cfg::accumulator, Cfg::out_lanes>> &in,
                hls::stream<word<typename Cfg::output, Cfg::out_lanes>> &out,
                const Bias (&bias)[requantizer<Cfg>::groups][Cfg::out_lanes],
                const Multiplier (&multiplier)[requantizer<Cfg>::groups][Cfg::out_lanes]) {
    requantize_frame<Cfg>(in, out, bias, multiplier, multiplier);
}

} // namespace licc

#endif
