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
    using factor = typename sint<Cfg::packing == 1 ? Cfg::weight::bits : 27>::type;
    using product =
        typename sint<(Cfg::packing == 1 ? Cfg::weight::bits : 27) + Cfg::input::bits>::type;
    static constexpr int word_lanes = Cfg::taps * Cfg::in_lanes;
    static constexpr int groups = ceil_div(Cfg::outputs, Cfg::out_lanes);
    static constexpr int depth = groups * geometry::pixel_words(); // words of weights
    static constexpr int cycles = geometry::rows * geometry::columns * depth;
    static_assert(Cfg::packing == 1 || (Cfg::packing == 2 && Cfg::out_lanes % 2 == 0),
                  "packing joins output lanes two by two");
    static_assert(Cfg::out_lanes <= 1024 && word_lanes <= 1024, "an array is partitioned into at most 1024 pieces");
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
        return word == geometry::words_at(row_phase, column_phase) - 1;
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

// What a multiplier takes beside an activation: a weight, or two of them.
template <class Cfg, class Weights>
typename engine<Cfg>::factor factor(const Weights &weights, int row, int index, int lane) {
#pragma HLS inline
    using weight = typename Cfg::weight::type;
    using factor = typename engine<Cfg>::factor;
    const weight low = weights[row * Cfg::packing][index][lane];
    if constexpr (Cfg::packing == 1) return low;
    const weight high = weights[row * Cfg::packing + Cfg::packing - 1][index][lane];
    return factor(factor(high) * (1 << 18)) + low;
}

// The sums that a row of products makes, one per packed output.
template <class Cfg>
void add_products(const typename engine<Cfg>::product (&products)[engine<Cfg>::word_lanes],
                  typename engine<Cfg>::accumulator (&sums)[Cfg::packing]) {
#pragma HLS inline
    constexpr int lanes = engine<Cfg>::word_lanes;
    for (int i = 0; i < Cfg::packing; ++i) {
#pragma HLS unroll
        sums[i] = 0;
    }
    if constexpr (Cfg::packing == 1) {
        for (int lane = 0; lane < lanes; ++lane) {
#pragma HLS unroll
            sums[0] += products[lane];
        }
    } else {
        using chained = sint<48>::type;
        for (int start = 0; start < lanes; start += Cfg::chain) {
#pragma HLS unroll
            chained packed = 0;
            for (int lane = start; lane < start + Cfg::chain; ++lane) {
#pragma HLS unroll
                if (lane < lanes) packed += products[lane];
            }
            const chained low = ((packed + (1 << 17)) & ((1 << 18) - 1)) - (1 << 17);
            sums[0] += low;
            sums[1] += chained(packed - low) >> 18;
        }
    }
}

// The products of one window word for a row of multipliers.
template <class Cfg, class Weights>
void multiply_row(const input_word<Cfg> &x, const Weights &weights, int row, int index,
                  typename engine<Cfg>::product (&products)[engine<Cfg>::word_lanes]) {
#pragma HLS inline
    for (int lane = 0; lane < engine<Cfg>::word_lanes; ++lane) {
#pragma HLS unroll
        products[lane] = multiply<typename engine<Cfg>::product>(
            factor<Cfg>(weights, row, index, lane), x.lane[lane]);
    }
}

// Adds the products of a row to the sums of its outputs.
template <class Cfg>
void accumulate_row(const typename engine<Cfg>::product (&products)[engine<Cfg>::word_lanes], int row,
                    bool first, typename engine<Cfg>::accumulator (&sums)[Cfg::out_lanes]) {
#pragma HLS inline
    using accumulator = typename engine<Cfg>::accumulator;
    accumulator added[Cfg::packing];
#pragma HLS array_partition variable=added type=complete
    add_products<Cfg>(products, added);
    for (int i = 0; i < Cfg::packing; ++i) {
#pragma HLS unroll
        accumulator &sum = sums[row * Cfg::packing + i];
        sum = first ? added[i] : accumulator(sum + added[i]);
    }
}

// Adds the products of one window word to the sums of all output lanes. In software all products come
// first, then all sums: g++ makes vector instructions of that. In hardware, where all of it happens at
// once, the products of a row are an array of their own, which has at most 1024 pieces.
template <class Cfg, class Weights>
void accumulate(const input_word<Cfg> &x, const Weights &weights, const mac_position<Cfg> &at,
                typename engine<Cfg>::accumulator (&sums)[Cfg::out_lanes]) {
#pragma HLS inline
    using product = typename engine<Cfg>::product;
    constexpr int rows = Cfg::out_lanes / Cfg::packing, lanes = engine<Cfg>::word_lanes;
#ifdef LICC_EXACT_WIDTHS
    for (int row = 0; row < rows; ++row) {
#pragma HLS unroll
        product products[lanes];
#pragma HLS array_partition variable=products type=complete
        multiply_row<Cfg>(x, weights, row, at.index, products);
        accumulate_row<Cfg>(products, row, at.first(), sums);
    }
#else
    product products[rows][lanes];
    for (int row = 0; row < rows; ++row)
        multiply_row<Cfg>(x, weights, row, at.index, products[row]);
    for (int row = 0; row < rows; ++row)
        accumulate_row<Cfg>(products[row], row, at.first(), sums);
#endif
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
    typename engine<Cfg>::accumulator sums[Cfg::out_lanes] = {};
#pragma HLS array_partition variable=sums type=complete
    for (int i = 0; i < engine<Cfg>::cycles; ++i) {
#pragma HLS pipeline II=1
        accumulate<Cfg>(in.read(), weights, at, sums);
        if (at.last()) {
            sum_word<Cfg> result;
            for (int lane = 0; lane < Cfg::out_lanes; ++lane) {
#pragma HLS unroll
                result.lane[lane] = sums[lane];
            }
            out.write(result);
        }
        at.advance();
    }
}

} // namespace licc

#endif
