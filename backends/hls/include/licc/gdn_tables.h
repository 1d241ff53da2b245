// Tables of g, the function of the GDN core, on a 2^16 scale for 18-bit mantissas, and the cores that
// draw lines between their entries: `table`, in 512 segments, and `small-table`, in 64.
// The twin of runtime/gdn_cores: the same integer roots and divisions, evaluated by the compiler.
//
// A core is a struct with
//   template <norm FORM, bool INVERSE> static uint<18>::type factor(uint<18>::type m);
// which gives r, about 2^16 * g(m / 2^18): reciprocal root (l2), root (l2, inverse), reciprocal (l1).
#ifndef LICC_GDN_TABLES_H
#define LICC_GDN_TABLES_H

#include "arithmetic.h"

namespace licc {

// Which norm divides: a sum of magnitudes, or the root of a sum of squares.
enum class norm { l1, l2 };

constexpr int mantissa_bits = 18, factor_bits = 16;

constexpr unsigned long long integer_root(unsigned long long v) {
    unsigned long long root = 0;
    for (unsigned long long bit = 1ULL << 31; bit != 0; bit >>= 1)
        if ((root + bit) * (root + bit) <= v) root += bit;
    return root;
}

// round(2^bits * g(i / n)), half up.
constexpr int rounded_root(norm form, bool inverse, unsigned long long i, unsigned long long n,
                           int bits) {
    if (form == norm::l1) return int(((n << (bits + 1)) / i + 1) / 2);
    const unsigned long long square = inverse ? (i << (2 * bits + 2)) / n : (n << (2 * bits + 2)) / i;
    return int((integer_root(square) + 1) / 2);
}

// The segment of the first mantissa, of `segments` over [0, 1): mantissas are from 2^17 on for l1, from
// 2^16 on for l2.
constexpr int first_segment(norm form, int segments) {
    return form == norm::l1 ? segments / 2 : segments / 4;
}

// base + slope * fraction / 2^(18 - INDEX_BITS) in every segment from `first` on.
template <norm FORM, bool INVERSE, int INDEX_BITS> struct gdn_lines {
    static constexpr int all = 1 << INDEX_BITS, first = first_segment(FORM, all);
    static constexpr int segments = all - first;
    int base[segments] = {}, slope[segments] = {};

    constexpr gdn_lines() {
        for (int i = 0; i < segments; ++i) {
            base[i] = rounded_root(FORM, INVERSE, first + i, all, factor_bits);
            slope[i] = rounded_root(FORM, INVERSE, first + i + 1, all, factor_bits) - base[i];
        }
    }
};

template <norm FORM, bool INVERSE, int INDEX_BITS>
inline constexpr gdn_lines<FORM, INVERSE, INDEX_BITS> gdn_rom =
    gdn_lines<FORM, INVERSE, INDEX_BITS>();

// The factor on a line; a slope has SLOPE_BITS bits.
template <norm FORM, bool INVERSE, int INDEX_BITS, int SLOPE_BITS>
uint<18>::type on_a_line(uint<18>::type m) {
#pragma HLS inline
    constexpr int fraction_bits = mantissa_bits - INDEX_BITS;
    constexpr auto &table = gdn_rom<FORM, INVERSE, INDEX_BITS>;
    using product = typename sint<SLOPE_BITS + fraction_bits>::type;
    const int index = int(m >> fraction_bits) - table.first;
    const typename sint<fraction_bits + 1>::type fraction = m & ((1 << fraction_bits) - 1);
    const typename sint<SLOPE_BITS>::type slope = table.slope[index];
    const auto rise = round_shift(multiply<product>(slope, fraction), fraction_bits);
    return uint<18>::type(table.base[index] + rise);
}

struct gdn_table {
    template <norm FORM, bool INVERSE> static uint<18>::type factor(uint<18>::type m) {
#pragma HLS inline
        return on_a_line<FORM, INVERSE, 9, 11>(m);
    }
};

struct gdn_small_table {
    template <norm FORM, bool INVERSE> static uint<18>::type factor(uint<18>::type m) {
#pragma HLS inline
        return on_a_line<FORM, INVERSE, 6, 14>(m);
    }
};

} // namespace licc

#endif
