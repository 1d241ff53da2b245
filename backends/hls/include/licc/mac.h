// mac: multiplies windows with weights; one word of out_lanes accumulators per output pixel and
// group of output channels.
//
// Every word [taps][in_lanes] from the line buffer meets weights[output lane][index][taps * in_lanes];
// `index` counts through the phases of a transposed convolution (rows outer), in each the groups of
// output channels, the steps over the kernel, the groups of input channels: the order in which the
// line buffer sends. Rows of channels beyond the last one, and missing taps, hold zeros.
// One loop; a word every iteration.
//
// With packing = 2, output lanes 2k and 2k + 1 share a multiplier (AMD WP486): P adds up to `chain`
// products (w1 * 2^18 + w0) * x of neighbouring lanes of a word, then is split into both sums. Exact
// while chain * max|w0 * x| < 2^17.
//
// Cfg: the fields of window.h, and
//   using input = licc::sint<8>;             integer type of the windows
//   using weight = licc::sint<8>;            integer type of the weights
//   using accumulator = licc::sint<23>;      holds every sum
//   int outputs, out_lanes                   output channels; how many side by side
//   int packing, chain                       1 or 2 products per multiplier; products per split
//   licc::memory memory                      of the weights
#ifndef LICC_MAC_H
#define LICC_MAC_H

#include <hls_stream.h>

#include "arithmetic.h"
#include "window.h"

namespace licc {

// Constants of a multiply-accumulate array.
template <class Cfg> struct engine {
    using geometry = window<Cfg>;
    using accumulator = typename Cfg::accumulator::type;
    static constexpr int word_lanes = Cfg::taps * Cfg::in_lanes;
    static constexpr int groups = ceil_div(Cfg::outputs, Cfg::out_lanes);
    static constexpr int depth = groups * geometry::pixel_words(); // words of weights
    static constexpr int cycles = geometry::rows * geometry::columns * depth;
    static_assert(Cfg::packing == 1 || (Cfg::packing == 2 && Cfg::out_lanes % 2 == 0),
                  "packing joins output lanes two by two");
    static_assert(Cfg::out_lanes <= 1024, "an array is partitioned into at most 1024 pieces");
};

template <class Cfg> using input_word = word<typename Cfg::input, engine<Cfg>::word_lanes>;
template <class Cfg> using sum_word = word<typename Cfg::accumulator, Cfg::out_lanes>;

// How far the sums of the present output pixel are.
template <class Cfg> struct mac_position {
    using geometry = window<Cfg>;
    counter<geometry::most_words> word = 0;
    counter<engine<Cfg>::groups> group = 0;
    counter<geometry::phases> row_phase = 0, column_phase = 0;
    counter<geometry::columns> column = 0;
    counter<engine<Cfg>::depth> index = 0, row_start = 0; // into the weights

    bool first() const { return word == 0; }

    bool last() const {
        return word == geometry::row_steps(row_phase) * geometry::column_steps(column_phase) *
                               geometry::groups - 1;
    }

    void advance() {
#pragma HLS inline
        const bool done = last();
        ++word;
        ++index;
        if (!done) return;
        word = 0;
        if (++group != engine<Cfg>::groups) return;
        group = 0;
        if (++column_phase != geometry::phases) return;
        column_phase = 0;
        if (++column != geometry::columns) {
            index = row_start;
            return;
        }
        column = 0;
        if (++row_phase == geometry::phases) {
            row_phase = 0;
            index = 0;
        }
        row_start = index;
    }
};

// sum of x * w over the lanes of a word.
template <class Cfg, class Weights>
typename engine<Cfg>::accumulator dot(const input_word<Cfg> &x, const Weights &weights, int output,
                                      int index) {
#pragma HLS inline
    using accumulator = typename engine<Cfg>::accumulator;
    using weight = typename Cfg::weight::type;
    accumulator sum = 0;
    for (int lane = 0; lane < engine<Cfg>::word_lanes; ++lane) {
#pragma HLS unroll
        sum += multiply<accumulator>(weight(weights[output][index][lane]), x.lane[lane]);
    }
    return sum;
}

// The same of two neighbouring outputs, with one multiplier per lane.
template <class Cfg, class Weights>
void dot_packed(const input_word<Cfg> &x, const Weights &weights, int output, int index,
                typename engine<Cfg>::accumulator &sum0, typename engine<Cfg>::accumulator &sum1) {
#pragma HLS inline
    using weight = typename Cfg::weight::type;
    using pair = sint<27>::type;
    using product = sint<48>::type;
    constexpr int lanes = engine<Cfg>::word_lanes;
    sum0 = 0;
    sum1 = 0;
    for (int start = 0; start < lanes; start += Cfg::chain) {
#pragma HLS unroll
        product packed = 0;
        for (int lane = start; lane < start + Cfg::chain; ++lane) {
#pragma HLS unroll
            if (lane >= lanes) continue;
            const pair high = weight(weights[output + 1][index][lane]);
            const pair both = pair(high * (1 << 18)) + weight(weights[output][index][lane]);
            packed += multiply<product>(both, x.lane[lane]);
        }
        const product low = ((packed + (1 << 17)) & ((1 << 18) - 1)) - (1 << 17);
        sum0 += low;
        sum1 += product(packed - low) >> 18;
    }
}

// Adds the products of one window word to the sums of all output lanes.
template <class Cfg, class Weights>
void accumulate(const input_word<Cfg> &x, const Weights &weights, const mac_position<Cfg> &at,
                sum_word<Cfg> &sums) {
#pragma HLS inline
    using accumulator = typename engine<Cfg>::accumulator;
    for (int lane = 0; lane < Cfg::out_lanes; lane += Cfg::packing) {
#pragma HLS unroll
        if constexpr (Cfg::packing == 1) {
            const accumulator sum = dot<Cfg>(x, weights, lane, at.index);
            sums.lane[lane] = at.first() ? sum : accumulator(sums.lane[lane] + sum);
        } else {
            accumulator sum0, sum1;
            dot_packed<Cfg>(x, weights, lane, at.index, sum0, sum1);
            sums.lane[lane] = at.first() ? sum0 : accumulator(sums.lane[lane] + sum0);
            sums.lane[lane + 1] = at.first() ? sum1 : accumulator(sums.lane[lane + 1] + sum1);
        }
    }
}

template <class Cfg, class Weight>
void mac(hls::stream<input_word<Cfg>> &in, hls::stream<sum_word<Cfg>> &out,
         const Weight (&weights)[Cfg::out_lanes][engine<Cfg>::depth][engine<Cfg>::word_lanes]) {
#pragma HLS array_partition variable=weights dim=1 type=complete
#pragma HLS array_reshape variable=weights dim=3 type=complete
    if constexpr (Cfg::memory == memory::bram) {
#pragma HLS bind_storage variable=weights type=rom_1p impl=bram
    } else if constexpr (Cfg::memory == memory::lutram) {
#pragma HLS bind_storage variable=weights type=rom_1p impl=lutram
    }
    mac_position<Cfg> at;
    sum_word<Cfg> sums;
#pragma HLS array_partition variable=sums.lane type=complete
    for (int i = 0; i < engine<Cfg>::cycles; ++i) {
#pragma HLS pipeline II=1
        accumulate<Cfg>(in.read(), weights, at, sums);
        if (at.last()) out.write(sums);
        at.advance();
    }
}

} // namespace licc

#endif
