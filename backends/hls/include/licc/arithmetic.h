// The arithmetic every kernel shares: rounding, saturation, products, bit lengths.
// The twin of runtime/arithmetic.py; docs/numbers.md is the contract.
#ifndef LICC_ARITHMETIC_H
#define LICC_ARITHMETIC_H

#include "types.h"

namespace licc {

// floor(v / 2^shift + 1/2): half rounds up. V has room for v + 2^(shift-1).
template <class V> V round_shift(V v, int shift) {
#pragma HLS inline
    const V half = shift == 0 ? V(0) : V(V(1) << (shift - 1));
    return V(V(v + half) >> shift);
}

// v clipped to what RESULT holds. V has room for RESULT's bounds.
template <class RESULT, class V> typename RESULT::type saturate(V v) {
#pragma HLS inline
    const V low = V(RESULT::min), high = V(RESULT::max);
    return static_cast<typename RESULT::type>(v < low ? low : v > high ? high : v);
}

// a * b as an R that holds it; the multiplier is as wide as a and b, not as R.
template <class R, class A, class B> R multiply(A a, B b) {
#pragma HLS inline
#ifdef LICC_EXACT_WIDTHS
    return R(a * b);
#else
    return R(a) * R(b);
#endif
}

// The same, in a DSP slice or in LUTs.
template <multiplier KIND, class R, class A, class B> R multiply_in(A a, B b) {
#pragma HLS inline
    const R result = multiply<R>(a, b);
    if constexpr (KIND == multiplier::dsp) {
#pragma HLS bind_op variable=result op=mul impl=dsp
    } else {
#pragma HLS bind_op variable=result op=mul impl=fabric
    }
    return result;
}

// The number of bits of v without leading zeros; v in [0, 2^BITS).
template <int BITS, class V> int bit_length(V v) {
#pragma HLS inline
#ifdef LICC_EXACT_WIDTHS
    int length = 0;
    for (int i = 0; i < BITS; ++i) {
#pragma HLS unroll
        if (v[i]) length = i + 1;
    }
    return length;
#else
    static_assert(BITS <= 64, "bit_length reads 64 bits");
    return v == 0 ? 0 : 64 - __builtin_clzll(static_cast<unsigned long long>(v));
#endif
}

} // namespace licc

#endif
