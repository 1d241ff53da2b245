// The GDN core `newton`: a seed on each of 256 segments, and one step of Newton's iteration. The twin
// of runtime/gdn_cores/newton.py.
#ifndef LICC_GDN_NEWTON_H
#define LICC_GDN_NEWTON_H

#include "gdn_tables.h"

namespace licc {

// g in the middle of every segment on a 2^12 scale, and 1 / (2 * root) there.
template <norm FORM, bool INVERSE> struct gdn_seeds {
    static constexpr int all = 256, first = first_segment(FORM, all), segments = all - first;
    int seed[segments] = {}, weight[segments] = {};

    constexpr gdn_seeds() {
        for (int i = 0; i < segments; ++i) {
            const int middle = 2 * (first + i) + 1;
            seed[i] = rounded_root(FORM, INVERSE, middle, 2 * all, 12);
            weight[i] = rounded_root(norm::l2, false, middle, 2 * all, 11);
        }
    }
};

template <norm FORM, bool INVERSE>
inline constexpr gdn_seeds<FORM, INVERSE> gdn_seed_rom = gdn_seeds<FORM, INVERSE>();

struct gdn_newton {
    using rest = sint<18>::type; // what the seed leaves, on a 2^24 scale
    using wide = sint<41>::type;

    template <norm FORM, bool INVERSE> static uint<18>::type factor(uint<18>::type m) {
#pragma HLS inline
        constexpr auto &rom = gdn_seed_rom<FORM, INVERSE>;
        const int index = int(m >> 10) - rom.first;
        const uint<13>::type seed = rom.seed[index];
        wide step;
        if constexpr (FORM == norm::l1) {
            const rest left = (wide(1 << 30) - multiply<wide>(m, seed)) >> 6;
            step = multiply<wide>(seed, left);
        } else if constexpr (INVERSE) {
            const rest left = (wide(m) << 6) - multiply<wide>(seed, seed);
            step = multiply<wide>(uint<12>::type(rom.weight[index]), left);
        } else {
            const uint<26>::type near = multiply<wide>(m, seed) >> 5;
            const rest left = ((wide(1) << 37) - multiply<wide>(near, seed)) >> 13;
            step = multiply<wide>(seed, left) >> 1;
        }
        return uint<18>::type(round_shift(wide((wide(seed) << 24) + step), 20));
    }
};

} // namespace licc

#endif
