// The GDN core `polynomial`: a parabola on each of 64 segments. The twin of
// runtime/gdn_cores/polynomial.py: r = (c0 + t * (c1 + t * c2)) / 2^4, every product rounded.
#ifndef LICC_GDN_POLYNOMIAL_H
#define LICC_GDN_POLYNOMIAL_H

#include "gdn_tables.h"

namespace licc {

template <norm FORM, bool INVERSE> struct gdn_parabolas {
    static constexpr int all = 64, first = first_segment(FORM, all), segments = all - first;
    int constant[segments] = {}, linear[segments] = {}, square[segments] = {};

    constexpr gdn_parabolas() {
        for (int i = 0; i < segments; ++i) {
            const int begin = value(2 * i), middle = value(2 * i + 1), end = value(2 * i + 2);
            constant[i] = begin;
            linear[i] = 4 * middle - 3 * begin - end;
            square[i] = 2 * (begin - 2 * middle + end);
        }
    }

    static constexpr int value(int half) {
        return rounded_root(FORM, INVERSE, 2 * first + half, 2 * all, factor_bits + 4);
    }
};

template <norm FORM, bool INVERSE>
inline constexpr gdn_parabolas<FORM, INVERSE> gdn_parabola_rom = gdn_parabolas<FORM, INVERSE>();

struct gdn_polynomial {
    template <norm FORM, bool INVERSE> static uint<18>::type factor(uint<18>::type m) {
#pragma HLS inline
        constexpr auto &rom = gdn_parabola_rom<FORM, INVERSE>;
        const int index = int(m >> 12) - rom.first;
        const sint<13>::type t = m & 4095;
        const sint<13>::type square = rom.square[index];
        const sint<18>::type bend = round_shift(multiply<sint<26>::type>(square, t), 12);
        const sint<18>::type slope = rom.linear[index] + bend;
        const sint<23>::type rise = round_shift(multiply<sint<31>::type>(slope, t), 12);
        const sint<24>::type value = rom.constant[index] + rise;
        return uint<18>::type(round_shift(value, 4));
    }
};

} // namespace licc

#endif
