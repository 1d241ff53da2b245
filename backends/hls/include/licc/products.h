// The products of an engine: how weights and activations share multipliers, and how the sums of
// several products are taken apart.
//
// With packing, packed_outputs channels and packed_pixels neighbours share a multiplier (AMD WP486,
// WP521): the factors are sums of w_o * 2^(F * packed_pixels * o) and of x_p * 2^(F * p), F = 18 for
// two products and 11 for four. Up to `chain` products of neighbouring lanes of a word are added up,
// then taken apart. Exact while the `chain` largest weights of any channel, added up, times the largest
// input stay below 2^(F - 1). The twin of dialects/packing.py.
#ifndef LICC_PRODUCTS_H
#define LICC_PRODUCTS_H

#include "arithmetic.h"
#include "window.h"

namespace licc {

// Constants of a multiply-accumulate array.
template <class Cfg> struct engine {
    using geometry = window<Cfg>;
    static constexpr int packing = Cfg::packed_outputs * Cfg::packed_pixels;
    static constexpr int field_bits = packing == 4 ? 11 : 18;
    static constexpr int weight_bits = Cfg::packed_outputs == 1 ? Cfg::weight::bits : 27;
    static constexpr int input_bits = Cfg::packed_pixels == 1
                                          ? Cfg::input::bits + (Cfg::input::is_signed ? 0 : 1)
                                      : packing == 4 ? 18
                                                     : 27;
    using accumulator = typename Cfg::accumulator::type;
    using weight_factor = typename sint<weight_bits>::type;
    using input_factor = typename sint<input_bits>::type;
    using product = typename sint<weight_bits + input_bits>::type;
    static constexpr int factors = Cfg::taps * Cfg::in_lanes; // products of a sum in an iteration
    static constexpr int groups = ceil_div(Cfg::outputs, Cfg::sum_lanes);
    static constexpr int depth = groups * geometry::pixel_words(); // words of weights
    static constexpr int steps = geometry::rows * geometry::columns * depth;
    static constexpr int held_phases = Cfg::neighbours == 1 ? 1 : geometry::phases;
    static constexpr int fold = Cfg::sum_lanes / Cfg::out_lanes;
    static constexpr int result_words = ceil_div(Cfg::outputs, Cfg::out_lanes); // of a pixel
    static constexpr int last_words = result_words - (groups - 1) * fold; // of its last group
    static constexpr int set_words = Cfg::neighbours > 1 ? Cfg::neighbours * held_phases * result_words
                                     : groups > 1        ? fold
                                                         : last_words;
    static constexpr int tail = (Cfg::neighbours > 1 ? set_words : last_words) - 1;
    static constexpr int cycles = steps + tail;
    static_assert(packing == 1 || packing == 2 || (Cfg::packed_outputs == 2 && packing == 4),
                  "a multiplier makes one, two or four products");
    static_assert(Cfg::sum_lanes % Cfg::packed_outputs == 0 &&
                      Cfg::neighbours % Cfg::packed_pixels == 0,
                  "packing joins whole pairs");
    static_assert(Cfg::sum_lanes % Cfg::out_lanes == 0, "sums leave in whole words");
    static_assert(Cfg::neighbours == 1 || groups == 1, "neighbours make all channels at once");
    static_assert(Cfg::sum_lanes <= 1024 && factors * Cfg::neighbours <= 1024,
                  "an array is partitioned into at most 1024 pieces");
};

template <class Cfg>
using input_word = word<typename Cfg::input, Cfg::neighbours * engine<Cfg>::factors>;
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

// What a multiplier takes of the weights: one, or those of two channels.
template <class Cfg, class Weights>
typename engine<Cfg>::weight_factor weight_of(const Weights &weights, int row, int index, int lane) {
#pragma HLS inline
    using factor = typename engine<Cfg>::weight_factor;
    const typename Cfg::weight::type low = weights[row * Cfg::packed_outputs][index][lane];
    if constexpr (Cfg::packed_outputs == 1) {
        return low;
    } else {
        const typename Cfg::weight::type high = weights[row * 2 + 1][index][lane];
        return factor(factor(high) * (1 << (engine<Cfg>::field_bits * Cfg::packed_pixels))) + low;
    }
}

// What a multiplier takes of the activations: one, or those of two neighbours.
template <class Cfg>
typename engine<Cfg>::input_factor input_of(const input_word<Cfg> &x, int row, int lane) {
#pragma HLS inline
    using factor = typename engine<Cfg>::input_factor;
    constexpr int factors = engine<Cfg>::factors;
    const factor low = x.lane[row * Cfg::packed_pixels * factors + lane];
    if constexpr (Cfg::packed_pixels == 1) {
        return low;
    } else {
        const factor high = x.lane[(row * 2 + 1) * factors + lane];
        return factor(high * (1 << engine<Cfg>::field_bits)) + low;
    }
}

// The sums that a row of products makes, one per field.
template <class Cfg>
void add_products(const typename engine<Cfg>::product (&products)[engine<Cfg>::factors],
                  typename engine<Cfg>::accumulator (&sums)[engine<Cfg>::packing]) {
#pragma HLS inline
    constexpr int lanes = engine<Cfg>::factors, bits = engine<Cfg>::field_bits;
    for (int i = 0; i < engine<Cfg>::packing; ++i) {
#pragma HLS unroll
        sums[i] = 0;
    }
    if constexpr (engine<Cfg>::packing == 1) {
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
            for (int i = 0; i < engine<Cfg>::packing - 1; ++i) {
#pragma HLS unroll
                const chained low =
                    ((packed + (1 << (bits - 1))) & ((1 << bits) - 1)) - (1 << (bits - 1));
                sums[i] += low;
                packed = chained(packed - low) >> bits;
            }
            sums[engine<Cfg>::packing - 1] += packed;
        }
    }
}

// A row of multipliers: the products of its factors, added up to one sum per field. Not inlined: a
// tool schedules it once, however many rows an engine has.
template <class Cfg>
void multiply_row(const typename engine<Cfg>::weight_factor (&weights)[engine<Cfg>::factors],
                  const typename engine<Cfg>::input_factor (&inputs)[engine<Cfg>::factors],
                  typename engine<Cfg>::accumulator (&sums)[engine<Cfg>::packing]) {
#pragma HLS inline off
#pragma HLS pipeline II=1
#pragma HLS array_partition variable=weights type=complete
#pragma HLS array_partition variable=inputs type=complete
#pragma HLS array_partition variable=sums type=complete
    using product = typename engine<Cfg>::product;
    product products[engine<Cfg>::factors];
#pragma HLS array_partition variable=products type=complete
    for (int lane = 0; lane < engine<Cfg>::factors; ++lane) {
#pragma HLS unroll
        products[lane] = multiply_in<Cfg::products, product>(weights[lane], inputs[lane]);
    }
    add_products<Cfg>(products, sums);
}

// Adds what a row has made to the sums of its channels and neighbours.
template <class Cfg>
void accumulate_row(const typename engine<Cfg>::accumulator (&added)[engine<Cfg>::packing],
                    int channels, int pixels, bool first,
                    typename engine<Cfg>::accumulator (&sums)[Cfg::neighbours][Cfg::sum_lanes]) {
#pragma HLS inline
    using accumulator = typename engine<Cfg>::accumulator;
    for (int output = 0; output < Cfg::packed_outputs; ++output) {
#pragma HLS unroll
        for (int pixel = 0; pixel < Cfg::packed_pixels; ++pixel) {
#pragma HLS unroll
            accumulator &sum = sums[pixels * Cfg::packed_pixels + pixel]
                                   [channels * Cfg::packed_outputs + output];
            const accumulator more = added[output * Cfg::packed_pixels + pixel];
            sum = first ? more : accumulator(sum + more);
        }
    }
}

// Adds the products of one window word to all sums, row by row: those of some channels and neighbours.
template <class Cfg, class Weights>
void accumulate(const input_word<Cfg> &x, const Weights &weights, const mac_position<Cfg> &at,
                typename engine<Cfg>::accumulator (&sums)[Cfg::neighbours][Cfg::sum_lanes]) {
#pragma HLS inline
    constexpr int pixels = Cfg::neighbours / Cfg::packed_pixels;
    constexpr int rows = Cfg::sum_lanes / Cfg::packed_outputs * pixels;
    for (int row = 0; row < rows; ++row) {
#pragma HLS unroll
        typename engine<Cfg>::weight_factor weight[engine<Cfg>::factors];
        typename engine<Cfg>::input_factor input[engine<Cfg>::factors];
        typename engine<Cfg>::accumulator added[engine<Cfg>::packing];
#pragma HLS array_partition variable=weight type=complete
#pragma HLS array_partition variable=input type=complete
#pragma HLS array_partition variable=added type=complete
        for (int lane = 0; lane < engine<Cfg>::factors; ++lane) {
#pragma HLS unroll
            weight[lane] = weight_of<Cfg>(weights, row / pixels, at.index, lane);
            input[lane] = input_of<Cfg>(x, row % pixels, lane);
        }
        multiply_row<Cfg>(weight, input, added);
        accumulate_row<Cfg>(added, row / pixels, row % pixels, at.first(), sums);
    }
}

} // namespace licc

#endif
