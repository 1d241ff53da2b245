// ap_int for lint: AMD's interface as far as kernels use it, with AMD's widths of results (UG1399,
// "Binary Arithmetic Operators"), and no arithmetic: nothing here is ever run.
//
// AMD's open ap_int.h refuses __SYNTHESIS__, and takes seconds to parse.
#ifndef LICC_LINT_AP_INT_H
#define LICC_LINT_AP_INT_H

template <int W, bool S> struct ap_int_base;
template <int W> struct ap_int;
template <int W> struct ap_uint;

namespace licc_lint {

// Bits and sign of an integer type.
template <int W, bool S> struct shape_of {
    static constexpr int width = W;
    static constexpr bool is_signed = S;
};
template <class T, bool NATIVE> struct shape {};
template <class T> struct shape<T, true> : shape_of<8 * sizeof(T), (T(-1) < T(0))> {};
template <> struct shape<bool, true> : shape_of<1, false> {};
template <int W, bool S> struct shape<ap_int_base<W, S>, false> : shape_of<W, S> {};
template <int W> struct shape<ap_int<W>, false> : shape_of<W, true> {};
template <int W> struct shape<ap_uint<W>, false> : shape_of<W, false> {};

template <bool HOLDS, class T> struct only_if {};
template <class T> struct only_if<true, T> { using type = T; };

template <class T> using of = shape<T, __is_integral(T)>;

template <int W, bool S> struct native { using type = long long; };
template <int W> struct native<W, false> { using type = unsigned long long; };

constexpr int larger(int a, int b) { return a > b ? a : b; }
constexpr int smaller(int a, int b) { return a < b ? a : b; }

// What an operator of operands a and b gives, at least one of them an ap_int.
template <class A, class B, int = of<A>::width, int = of<B>::width> struct results {
    using a = of<A>;
    using b = of<B>;
    static constexpr bool either = a::is_signed || b::is_signed;
    static constexpr int common = larger(a::width + (b::is_signed && !a::is_signed),
                                         b::width + (a::is_signed && !b::is_signed));
    static constexpr bool applies = !__is_integral(A) || !__is_integral(B);
    template <class T> using given = typename only_if<applies, T>::type;

    using sum = given<ap_int_base<common + 1, either>>;
    using difference = given<ap_int_base<common + 1, true>>;
    using product = given<ap_int_base<a::width + b::width, either>>;
    using quotient = given<ap_int_base<a::width + b::is_signed, either>>;
    using remainder = given<ap_int_base<
        smaller(a::width, b::width + (!b::is_signed && a::is_signed)), a::is_signed>>;
    using bitwise = given<ap_int_base<common, either>>;
    using truth = given<bool>;
};

} // namespace licc_lint

template <int W, bool S> struct ap_int_base {
    static constexpr int width = W;

    ap_int_base();
    template <class T, int = licc_lint::of<T>::width> ap_int_base(const T &);
    ap_int_base(double);

    operator typename licc_lint::native<W, S>::type() const;
    int to_int() const;
    unsigned to_uint() const;
    long long to_int64() const;
    unsigned long long to_uint64() const;
    bool to_bool() const;
    double to_double() const;
    int length() const;
    bool sign() const;
    bool iszero() const;
    int countLeadingZeros() const;
    bool and_reduce() const;
    bool or_reduce() const;
    bool xor_reduce() const;
    bool test(int) const;
    void set(int, bool);
    void set();
    void clear(int);
    void clear();
    void reverse();

    // Bits, and runs of them.
    struct bits {
        operator unsigned long long() const;
        template <class T> bits &operator=(const T &);
        bits &operator=(const bits &);
        int to_int() const;
        unsigned to_uint() const;
        unsigned long long to_uint64() const;
        long long to_int64() const;
        int length() const;
    };
    bits range(int, int);
    bits range(int, int) const;
    bits range();
    bits operator()(int, int);
    bits operator()(int, int) const;
    bits operator[](int);
    bool operator[](int) const;
    bits bit(int);
    bool bit(int) const;

    ap_int_base &operator++();
    ap_int_base &operator--();
    ap_int_base operator++(int);
    ap_int_base operator--(int);
    ap_int_base<W + 1, true> operator-() const;
    ap_int_base operator+() const;
    ap_int_base operator~() const;
    bool operator!() const;

    template <class T> ap_int_base &operator+=(const T &);
    template <class T> ap_int_base &operator-=(const T &);
    template <class T> ap_int_base &operator*=(const T &);
    template <class T> ap_int_base &operator/=(const T &);
    template <class T> ap_int_base &operator%=(const T &);
    template <class T> ap_int_base &operator&=(const T &);
    template <class T> ap_int_base &operator|=(const T &);
    template <class T> ap_int_base &operator^=(const T &);
    template <class T> ap_int_base &operator<<=(const T &);
    template <class T> ap_int_base &operator>>=(const T &);
};

template <int W> struct ap_int : ap_int_base<W, true> {
    ap_int();
    template <class T, int = licc_lint::of<T>::width> ap_int(const T &);
    ap_int(double);
};

template <int W> struct ap_uint : ap_int_base<W, false> {
    ap_uint();
    template <class T, int = licc_lint::of<T>::width> ap_uint(const T &);
    ap_uint(double);
};

#define LICC_LINT_OPERATOR(OPERATOR, RESULT)                                                       \
    template <class A, class B>                                                                    \
    typename licc_lint::results<A, B>::RESULT operator OPERATOR(const A &, const B &);
LICC_LINT_OPERATOR(+, sum)
LICC_LINT_OPERATOR(-, difference)
LICC_LINT_OPERATOR(*, product)
LICC_LINT_OPERATOR(/, quotient)
LICC_LINT_OPERATOR(%, remainder)
LICC_LINT_OPERATOR(&, bitwise)
LICC_LINT_OPERATOR(|, bitwise)
LICC_LINT_OPERATOR(^, bitwise)
LICC_LINT_OPERATOR(==, truth)
LICC_LINT_OPERATOR(!=, truth)
LICC_LINT_OPERATOR(<, truth)
LICC_LINT_OPERATOR(>, truth)
LICC_LINT_OPERATOR(<=, truth)
LICC_LINT_OPERATOR(>=, truth)
#undef LICC_LINT_OPERATOR

template <int W, bool S, class T> ap_int_base<W, S> operator<<(const ap_int_base<W, S> &, const T &);
template <int W, bool S, class T> ap_int_base<W, S> operator>>(const ap_int_base<W, S> &, const T &);

#endif
