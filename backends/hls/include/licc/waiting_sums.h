// How finished sums leave an engine: in words of out_lanes, one an iteration, the first in the
// iteration that finishes them. A set of sums are those of a group of channels, or with several
// neighbours those of all their column phases, which wait for each other, as results go pixel by pixel.
// The twin of dialects/drain.py.
#ifndef LICC_WAITING_SUMS_H
#define LICC_WAITING_SUMS_H

#include "products.h"

namespace licc {

// The sums of an engine that wait: for the other phases of their pixels, and then for their turn.
template <class Cfg> struct waiting_sums {
    using accumulator = typename engine<Cfg>::accumulator;
    accumulator held[engine<Cfg>::held_phases][Cfg::neighbours][Cfg::sum_lanes] = {};
    accumulator leaving[engine<Cfg>::set_words][Cfg::out_lanes] = {};
    counter<engine<Cfg>::set_words> left = 0;    // words that have not left
    counter<engine<Cfg>::result_words> word = 0; // of its pixel, the next one

    // Takes over what a position has finished.
    void collect(const accumulator (&sums)[Cfg::neighbours][Cfg::sum_lanes],
                 const mac_position<Cfg> &at) {
#pragma HLS inline
        if constexpr (Cfg::neighbours == 1) {
            for (int i = 0; i < engine<Cfg>::set_words * Cfg::out_lanes; ++i) {
#pragma HLS unroll
                leaving[i / Cfg::out_lanes][i % Cfg::out_lanes] = sums[0][i];
            }
            left = at.group == engine<Cfg>::groups - 1 ? engine<Cfg>::last_words : engine<Cfg>::fold;
        } else {
            for (int pixel = 0; pixel < Cfg::neighbours; ++pixel) {
#pragma HLS unroll
                for (int lane = 0; lane < Cfg::sum_lanes; ++lane) {
#pragma HLS unroll
                    held[at.column_phase][pixel][lane] = sums[pixel][lane];
                }
            }
            if (at.column_phase == engine<Cfg>::held_phases - 1) release();
        }
    }

    // Makes the next word the first one.
    void advance() {
#pragma HLS inline
        for (int i = 0; i + 1 < engine<Cfg>::set_words; ++i) {
#pragma HLS unroll
            for (int lane = 0; lane < Cfg::out_lanes; ++lane) {
#pragma HLS unroll
                leaving[i][lane] = leaving[i + 1][lane];
            }
        }
        --left;
        if (++word == engine<Cfg>::result_words) word = 0;
    }

  private:
    // All phases are there: pixel by pixel, in each its channels.
    void release() {
#pragma HLS inline
        constexpr int words = engine<Cfg>::result_words, phases = engine<Cfg>::held_phases;
        for (int i = 0; i < engine<Cfg>::set_words; ++i) {
#pragma HLS unroll
            for (int lane = 0; lane < Cfg::out_lanes; ++lane) {
#pragma HLS unroll
                leaving[i][lane] = held[i / words % phases][i / words / phases]
                                       [i % words * Cfg::out_lanes + lane];
            }
        }
        left = engine<Cfg>::set_words;
    }
};

} // namespace licc

#endif
