// The integers and words of a design.
//
// An integer type is named by its width: `licc::sint<12>` and `licc::uint<8>` are the contract's i12
// and ui8. Their `type` is what a variable is declared with: `ap_int` / `ap_uint` under Vitis HLS
// synthesis (or with LICC_AP_INT), and otherwise the smallest native integer that holds the width,
// which simulates 15 to 50 times faster. The kernels compute the same values with both.
#ifndef LICC_TYPES_H
#define LICC_TYPES_H

#include <cstdint>

#if defined(__SYNTHESIS__) || defined(LICC_AP_INT)
#define LICC_EXACT_WIDTHS
#include <ap_int.h>
#endif

namespace licc {

// The native integers of 8, 16, 32 and 64 bits.
template <int BYTES> struct native;
template <> struct native<1> { using sint = std::int8_t; using uint = std::uint8_t; };
template <> struct native<2> { using sint = std::int16_t; using uint = std::uint16_t; };
template <> struct native<4> { using sint = std::int32_t; using uint = std::uint32_t; };
template <> struct native<8> { using sint = std::int64_t; using uint = std::uint64_t; };

// Bytes of the smallest native integer of at least `bits` bits.
constexpr int native_bytes(int bits) { return bits <= 8 ? 1 : bits <= 16 ? 2 : bits <= 32 ? 4 : 8; }

// Signed integers of BITS bits.
template <int BITS> struct sint {
    static constexpr int bits = BITS;
    static constexpr bool is_signed = true;
    static constexpr long long min = -(1LL << (BITS - 1));
    static constexpr long long max = (1LL << (BITS - 1)) - 1;
#ifdef LICC_EXACT_WIDTHS
    using type = ap_int<BITS>;
#else
    using type = typename native<native_bytes(BITS)>::sint;
#endif
};

// Unsigned integers of BITS bits, at most 63.
template <int BITS> struct uint {
    static constexpr int bits = BITS;
    static constexpr bool is_signed = false;
    static constexpr long long min = 0;
    static constexpr long long max = (1LL << BITS) - 1;
#ifdef LICC_EXACT_WIDTHS
    using type = ap_uint<BITS>;
#else
    using type = typename native<native_bytes(BITS)>::uint;
#endif
};

// What a FIFO carries: LANES values of one pixel, side by side.
template <class INTEGER, int LANES> struct word {
    typename INTEGER::type lane[LANES];
};

constexpr int ceil_div(int a, int b) { return (a + b - 1) / b; }

constexpr int larger(int a, int b) { return a > b ? a : b; }

// Bits of a counter that reaches `limit`.
constexpr int counter_bits(long long limit) {
    int bits = 1;
    while (limit >> bits) ++bits;
    return bits;
}

// A counter from 0 to LIMIT: as few flip-flops as it needs in hardware, an int in software.
#ifdef LICC_EXACT_WIDTHS
template <int LIMIT> using counter = ap_uint<counter_bits(LIMIT)>;
#else
template <int LIMIT> using counter = int;
#endif

// TABLE::at(row, column), of ROWS x COLUMNS constants. In hardware a choice between literals: a table
// would be a ROM, which has two ports, and takes a cycle too many where a counter depends on it.
template <class TABLE, int ROWS, int COLUMNS, int FIRST = 0> int choose(int row, int column) {
#pragma HLS inline
#ifdef LICC_EXACT_WIDTHS
    constexpr int value = TABLE::at(FIRST / COLUMNS, FIRST % COLUMNS);
    if constexpr (FIRST + 1 == ROWS * COLUMNS) {
        return value;
    } else {
        const bool here = (ROWS == 1 || row == FIRST / COLUMNS) &&
                          (COLUMNS == 1 || column == FIRST % COLUMNS);
        return here ? value : choose<TABLE, ROWS, COLUMNS, FIRST + 1>(row, column);
    }
#else
    return TABLE::at(row, column);
#endif
}

// values[group * LANES + lane], from registers. In hardware a choice between the GROUPS values of the
// lane; an index would make it one between all registers.
template <int GROUPS, int LANES, class VALUE, int SIZE>
VALUE pick(const VALUE (&values)[SIZE], int group, int lane) {
#pragma HLS inline
#ifdef LICC_EXACT_WIDTHS
    VALUE picked = values[lane];
    for (int i = 1; i < GROUPS; ++i) {
#pragma HLS unroll
        if (i == group) picked = values[i * LANES + lane];
    }
    return picked;
#else
    return values[group * LANES + lane];
#endif
}

// Puts a word into values[group * LANES] and the following. In hardware every register takes the lane
// that is its own, if the group is; an index would let any lane go to any register.
template <int GROUPS, class INTEGER, int LANES, class VALUE, int SIZE>
void place(VALUE (&values)[SIZE], int group, const word<INTEGER, LANES> &from) {
#pragma HLS inline
#ifdef LICC_EXACT_WIDTHS
    for (int i = 0; i < GROUPS; ++i) {
#pragma HLS unroll
        for (int lane = 0; lane < LANES; ++lane) {
#pragma HLS unroll
            if (i == group) values[i * LANES + lane] = from.lane[lane];
        }
    }
#else
    for (int lane = 0; lane < LANES; ++lane) values[group * LANES + lane] = from.lane[lane];
#endif
}

// Where an array lives: block RAM, distributed RAM, or flip-flops (ROMs: logic).
enum class memory { bram, lutram, registers };

// What products are made of: DSP slices, or LUTs.
enum class multiplier { dsp, lut };

} // namespace licc

#endif
