// normalize: generalised divisive normalisation (GDN) and its inverse, requantisation included.
//
//   n_i = beta_i + sum_j gamma_ij * f(x_j),  f(x) = round_shift(x^2, drop) (l2) or of |x| (l1),
//   1 <= n_i < 2^norm_bits
//   e = bit length of n_i, rounded up to even for l2;  m = floor(n_i * 2^(18 - e))
//   r = 2^16 * g(m / 2^18) by one of the cores of gdn_*.h, or of another one (l1 inverse: m >> 2)
//   out_i = saturate(round_shift(x_i * r * multiplier_i, s))
//   s = shift + k, or shift - k if inverse, clamped to 1 .. 62;  k = e / 2 (l2) or e (l1)
//
// A pixel takes steps = ceil(channels / sum_lanes) * ceil(channels / in_lanes) iterations of one loop
// (groups of outputs outer, groups of inputs inner). Pixel n + 1 is read, in the first steps, into the
// other bank while n is normalised. The norms of a group are scaled and leave in words of out_lanes,
// one an iteration, the first in the iteration that finishes them; those of the frame's last group
// take iterations of their own.
//
// gamma is a ROM [sum_lanes][steps][in_lanes], zero in rows and columns of padding channels; beta is
// one [output groups][sum_lanes], multiplier one [words of a pixel][out_lanes], beta 1 and multiplier 0
// for padding channels.
//
// Cfg:
//   using input = licc::sint<12>;            integer type of the frame, at most 16 bits
//   using output = licc::sint<8>;            integer type of the result
//   using gamma = licc::uint<16>;            integer type of gamma, at most 17 bits
//   using core = licc::gdn_table;            what computes r: see gdn_tables.h
//   int pixels, channels                     of the frame
//   int in_lanes, sum_lanes                  channels side by side: read, and summed up
//   int out_lanes                            channels scaled side by side; divides sum_lanes
//   licc::norm norm                          l1 or l2
//   bool inverse
//   int norm_bits                            of every norm, at most 48
//   int drop                                 lowest bits of f(x) that are rounded away
//   int shift
//   licc::memory memory                      of gamma
//   bool live[sum_lanes][in_lanes]           optional: false where gamma is zero in every step, so that
//                                            no multiplier is made
#ifndef LICC_NORMALIZE_H
#define LICC_NORMALIZE_H

#include <hls_stream.h>

#include "arithmetic.h"
#include "gdn_newton.h"
#include "gdn_polynomial.h"
#include "gdn_tables.h"

namespace licc {

// Constants and types of a GDN core.
template <class Cfg> struct gdn {
    static constexpr int in_groups = ceil_div(Cfg::channels, Cfg::in_lanes);
    static constexpr int out_groups = ceil_div(Cfg::channels, Cfg::sum_lanes);
    static constexpr int steps = in_groups * out_groups;
    static constexpr int padded = larger(in_groups * Cfg::in_lanes, out_groups * Cfg::sum_lanes);
    static constexpr bool squares = Cfg::norm == norm::l2;
    static constexpr int fold = Cfg::sum_lanes / Cfg::out_lanes;
    static constexpr int result_words = ceil_div(Cfg::channels, Cfg::out_lanes); // of a pixel
    static constexpr int last_words = result_words - (out_groups - 1) * fold; // of its last group
    static constexpr int set_words = out_groups > 1 ? fold : last_words;
    static constexpr int body = (Cfg::pixels + 1) * steps;
    static constexpr int cycles = body + last_words - 1;
    static_assert(Cfg::sum_lanes % Cfg::out_lanes == 0, "norms leave in whole words");
    static_assert(2 * padded <= 1024, "an array is partitioned into at most 1024 pieces");

    static constexpr int spare = Cfg::drop == 0 ? 0 : 1; // bits: rounding up may need one
    static constexpr int power_bits = squares ? 2 * Cfg::input::bits : Cfg::input::bits;
    static_assert(Cfg::drop >= 0 && Cfg::drop < power_bits, "a bit of f(x) is left");

    using power = typename sint<power_bits + 1 + spare>::type;          // x^2 or |x|
    using term = typename uint<power_bits - Cfg::drop + spare>::type;   // f(x)
    using weight = typename Cfg::gamma::type;
    using sum = typename uint<Cfg::norm_bits>::type;
    using mantissa = uint<18>::type;
    using factor = uint<18>::type; // r, at most 2^17
};

// f(x): x^2 (l2) or |x| (l1), rounded.
template <class Cfg> typename gdn<Cfg>::term norm_term(typename Cfg::input::type x) {
#pragma HLS inline
    using power = typename gdn<Cfg>::power;
    power value;
    if constexpr (gdn<Cfg>::squares) {
        value = multiply<power>(x, x);
    } else {
        value = x < 0 ? power(-power(x)) : power(x);
    }
    return typename gdn<Cfg>::term(round_shift(value, Cfg::drop));
}

// 2^16 * g(m / 2^18). Not inlined: so every lane has a table of its own, for a table has two ports.
template <class Cfg> typename gdn<Cfg>::factor norm_factor(typename gdn<Cfg>::mantissa m) {
#pragma HLS inline off
#pragma HLS pipeline II=1
    if constexpr (Cfg::norm == norm::l1 && Cfg::inverse) {
        return typename gdn<Cfg>::factor(m >> 2);
    } else {
        return Cfg::core::template factor<Cfg::norm, Cfg::norm == norm::l2 && Cfg::inverse>(m);
    }
}

// One channel of a pixel: x divided by, or multiplied with, its norm.
template <class Cfg, class Multiplier>
typename Cfg::output::type normalized(typename Cfg::input::type x, typename gdn<Cfg>::sum sum,
                                      Multiplier multiplier) {
#pragma HLS inline
    using wide = sint<64>::type;
    constexpr bool l2 = gdn<Cfg>::squares;
    const int length = bit_length<Cfg::norm_bits>(sum);
    const int exponent = l2 ? (length + 1) / 2 * 2 : length;
    using mantissa = typename gdn<Cfg>::mantissa;
    const mantissa m = exponent > mantissa_bits ? mantissa(sum >> (exponent - mantissa_bits))
                                                : mantissa(mantissa(sum) << (mantissa_bits - exponent));
    const int taken = l2 ? exponent / 2 : exponent;
    const int shift = Cfg::inverse ? Cfg::shift - taken : Cfg::shift + taken;
    const auto scaled = multiply<typename sint<34>::type>(x, norm_factor<Cfg>(m));
    const auto product = multiply<wide>(scaled, uint<17>::type(multiplier));
    return saturate<typename Cfg::output>(
        round_shift(product, shift < 1 ? 1 : shift > 62 ? 62 : shift));
}

// Which products of the norm are not zero in every step: all, unless Cfg says otherwise.
template <class Cfg, class = void> struct living {
    static constexpr bool all = true;
    static constexpr bool at(int, int) { return true; }
};

template <class Cfg> struct living<Cfg, decltype(void(Cfg::live))> {
    static constexpr bool all = false;
    static constexpr bool at(int output, int lane) { return Cfg::live[output][lane]; }
};

// The part of a norm that a group of inputs makes, of output lane ROW. Not inlined: a tool schedules it
// once for all norms that have the same products.
template <class Cfg, int ROW>
typename gdn<Cfg>::sum weighted(const typename gdn<Cfg>::weight (&weights)[Cfg::in_lanes],
                                const typename gdn<Cfg>::term (&terms)[Cfg::in_lanes]) {
#pragma HLS inline off
#pragma HLS pipeline II=1
#pragma HLS array_partition variable=weights type=complete
#pragma HLS array_partition variable=terms type=complete
    using sum = typename gdn<Cfg>::sum;
    sum added = 0;
    for (int lane = 0; lane < Cfg::in_lanes; ++lane) {
#pragma HLS unroll
        if (living<Cfg>::at(ROW, lane)) added += multiply<sum>(weights[lane], terms[lane]);
    }
    return added;
}

// Adds gamma * f(x) of one group of inputs to the norm of one output lane.
template <class Cfg, int ROW, class Gamma>
void add_to(typename gdn<Cfg>::sum &norm, typename gdn<Cfg>::sum first, bool begins,
            const Gamma (&row)[gdn<Cfg>::steps][Cfg::in_lanes], int step,
            const typename gdn<Cfg>::term (&terms)[Cfg::in_lanes]) {
#pragma HLS inline
    typename gdn<Cfg>::weight weights[Cfg::in_lanes];
#pragma HLS array_partition variable=weights type=complete
    for (int lane = 0; lane < Cfg::in_lanes; ++lane) {
#pragma HLS unroll
        weights[lane] = typename gdn<Cfg>::weight(row[step][lane]);
    }
    // Apart from the sums so far: one addition goes around the loop.
    norm = (begins ? first : norm) + weighted<Cfg, ROW>(weights, terms);
}

// The same for every output lane from ROW on, each with products of its own.
template <class Cfg, int ROW, class Beta, class Gamma>
void add_rows(typename gdn<Cfg>::sum (&sums)[Cfg::sum_lanes], const Beta (&first)[Cfg::sum_lanes],
              bool begins, const Gamma (&gamma)[Cfg::sum_lanes][gdn<Cfg>::steps][Cfg::in_lanes],
              int step, const typename gdn<Cfg>::term (&terms)[Cfg::in_lanes]) {
#pragma HLS inline
    add_to<Cfg, ROW>(sums[ROW], first[ROW], begins, gamma[ROW], step, terms);
    if constexpr (ROW + 1 < Cfg::sum_lanes) {
        add_rows<Cfg, ROW + 1>(sums, first, begins, gamma, step, terms);
    }
}

// Adds gamma * f(x) of one group of inputs to the norms of one group of outputs.
template <class Cfg, class Beta, class Gamma, class Value>
void add_terms(const Value &pixel, const Beta &beta, const Gamma &gamma, int out_group, int in_group,
               int step, typename gdn<Cfg>::sum (&sums)[Cfg::sum_lanes]) {
#pragma HLS inline
    typename gdn<Cfg>::term terms[Cfg::in_lanes];
#pragma HLS array_partition variable=terms type=complete
    for (int lane = 0; lane < Cfg::in_lanes; ++lane) {
#pragma HLS unroll
        terms[lane] =
            norm_term<Cfg>(pick<gdn<Cfg>::in_groups, Cfg::in_lanes>(pixel, in_group, lane));
    }
    const bool begins = in_group == 0;
    if constexpr (living<Cfg>::all) {
        for (int output = 0; output < Cfg::sum_lanes; ++output) {
#pragma HLS unroll
            using sum = typename gdn<Cfg>::sum;
            add_to<Cfg, 0>(sums[output], sum(beta[out_group][output]), begins, gamma[output], step,
                           terms);
        }
    } else {
        add_rows<Cfg, 0>(sums, beta[out_group], begins, gamma, step, terms);
    }
}

// The norms of a group of channels, and the values they belong to, that wait for their turn.
template <class Cfg> struct waiting_norms {
    typename gdn<Cfg>::sum norm[gdn<Cfg>::set_words][Cfg::out_lanes] = {};
    typename Cfg::input::type value[gdn<Cfg>::set_words][Cfg::out_lanes] = {};
    counter<gdn<Cfg>::set_words> left = 0;    // words that have not left
    counter<gdn<Cfg>::result_words> word = 0; // of its pixel, the next one

    template <class Value>
    void collect(const typename gdn<Cfg>::sum (&sums)[Cfg::sum_lanes], const Value &pixel, int group) {
#pragma HLS inline
        for (int i = 0; i < gdn<Cfg>::set_words * Cfg::out_lanes; ++i) {
#pragma HLS unroll
            norm[i / Cfg::out_lanes][i % Cfg::out_lanes] = sums[i];
            value[i / Cfg::out_lanes][i % Cfg::out_lanes] =
                pick<gdn<Cfg>::out_groups, Cfg::sum_lanes>(pixel, group, i);
        }
        left = group == gdn<Cfg>::out_groups - 1 ? gdn<Cfg>::last_words : gdn<Cfg>::fold;
    }

    // Makes the next word the first one.
    void advance() {
#pragma HLS inline
        for (int i = 0; i + 1 < gdn<Cfg>::set_words; ++i) {
#pragma HLS unroll
            for (int lane = 0; lane < Cfg::out_lanes; ++lane) {
#pragma HLS unroll
                norm[i][lane] = norm[i + 1][lane];
                value[i][lane] = value[i + 1][lane];
            }
        }
        --left;
        if (++word == gdn<Cfg>::result_words) word = 0;
    }
};

template <class Cfg, class Beta, class Gamma, class Multiplier>
void normalize(hls::stream<word<typename Cfg::input, Cfg::in_lanes>> &in,
               hls::stream<word<typename Cfg::output, Cfg::out_lanes>> &out,
               const Beta (&beta)[gdn<Cfg>::out_groups][Cfg::sum_lanes],
               const Gamma (&gamma)[Cfg::sum_lanes][gdn<Cfg>::steps][Cfg::in_lanes],
               const Multiplier (&multiplier)[gdn<Cfg>::result_words][Cfg::out_lanes]) {
#pragma HLS array_partition variable=gamma dim=1 type=complete
#pragma HLS array_reshape variable=gamma dim=3 type=complete
    if constexpr (Cfg::memory == memory::bram) {
#pragma HLS bind_storage variable=gamma type=rom_1p impl=bram
    } else if constexpr (Cfg::memory == memory::lutram) {
#pragma HLS bind_storage variable=gamma type=rom_1p impl=lutram
    }
#pragma HLS array_reshape variable=beta dim=2 type=complete
#pragma HLS array_reshape variable=multiplier dim=2 type=complete
    // Two pixels: one is read while the other is normalised.
    typename Cfg::input::type pixels[2][gdn<Cfg>::padded] = {};
#pragma HLS array_partition variable=pixels dim=0 type=complete
    typename gdn<Cfg>::sum sums[Cfg::sum_lanes];
#pragma HLS array_partition variable=sums type=complete
    waiting_norms<Cfg> results;
#pragma HLS array_partition variable=results.norm dim=0 type=complete
#pragma HLS array_partition variable=results.value dim=0 type=complete
    counter<gdn<Cfg>::steps> step = 0;
    counter<gdn<Cfg>::in_groups> in_group = 0;
    counter<gdn<Cfg>::out_groups> out_group = 0;
    counter<Cfg::pixels> pixel = 0;
    counter<1> bank = 0; // of the pixel that is read
    for (int i = 0; i < gdn<Cfg>::cycles; ++i) {
#pragma HLS pipeline II=1
        if (i < gdn<Cfg>::body) {
            if (pixel != Cfg::pixels && out_group == 0) {
                const word<typename Cfg::input, Cfg::in_lanes> values = in.read();
                place<gdn<Cfg>::in_groups>(pixels[bank], in_group, values);
            }
            add_terms<Cfg>(pixels[1 - bank], beta, gamma, out_group, in_group, step, sums);
            if (pixel != 0 && in_group == gdn<Cfg>::in_groups - 1) {
                results.collect(sums, pixels[1 - bank], out_group);
            }
            ++step;
            if (++in_group == gdn<Cfg>::in_groups) {
                in_group = 0;
                ++out_group;
            }
            if (step == gdn<Cfg>::steps) {
                step = 0;
                out_group = 0;
                bank = 1 - bank;
                ++pixel;
            }
        }
        if (results.left != 0) {
            word<typename Cfg::output, Cfg::out_lanes> result;
            for (int lane = 0; lane < Cfg::out_lanes; ++lane) {
#pragma HLS unroll
                result.lane[lane] = normalized<Cfg>(results.value[0][lane], results.norm[0][lane],
                                                    multiplier[results.word][lane]);
            }
            out.write(result);
            results.advance();
        }
    }
}

} // namespace licc

#endif
