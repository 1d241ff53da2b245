// The tables of the GDN core: g(m / 2^18) on a 2^16 scale for 18-bit mantissas m, in 512 segments.
// The twin of runtime/gdn_tables.py: the same integer roots and divisions, evaluated by the compiler.
#ifndef LICC_GDN_TABLES_H
#define LICC_GDN_TABLES_H

namespace licc {

// Which norm divides: a sum of magnitudes, or the root of a sum of squares.
enum class norm { l1, l2 };

constexpr int mantissa_bits = 18, index_bits = 9, fraction_bits = mantissa_bits - index_bits;

constexpr unsigned long long integer_root(unsigned long long v) {
    unsigned long long root = 0;
    for (unsigned long long bit = 1ULL << 31; bit != 0; bit >>= 1)
        if ((root + bit) * (root + bit) <= v) root += bit;
    return root;
}

// round(2^16 * g(i / 512)): reciprocal root (l2), root (l2, inverse) or reciprocal (l1).
constexpr int table_entry(norm form, bool inverse, unsigned long long i) {
    if (form == norm::l1) return int(((1ULL << (index_bits + 17)) / i + 1) / 2);
    const unsigned long long square = inverse ? 4 * (i << 32) >> index_bits : (4ULL << 41) / i;
    return int((integer_root(square) + 1) / 2);
}

// base + slope * fraction / 512 in every segment from `first` on; the last two of four quarters of
// the index for l1 (mantissas from 2^17), the last three for l2 (from 2^16).
template <norm FORM, bool INVERSE> struct gdn_table {
    static constexpr int first = FORM == norm::l1 ? 256 : 128;
    static constexpr int segments = 512 - first;
    int base[segments] = {}, slope[segments] = {};

    constexpr gdn_table() {
        for (int i = 0; i < segments; ++i) {
            base[i] = table_entry(FORM, INVERSE, first + i);
            slope[i] = table_entry(FORM, INVERSE, first + i + 1) - base[i];
        }
    }
};

template <norm FORM, bool INVERSE>
inline constexpr gdn_table<FORM, INVERSE> gdn_rom = gdn_table<FORM, INVERSE>();

} // namespace licc

#endif
