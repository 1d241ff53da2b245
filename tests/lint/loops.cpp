#include <ap_int.h>

template <int TIMES> int unrolled(int x) {
    for (int i = 0; i < TIMES; ++i) { // expect: unroll-bound "a loop of `unrolled<1025>` is unrolled 1,025 times; at most 1,024"
#pragma HLS unroll
        x += i;
    }
    return x;
}

template <class Cfg> int nested(int x) {
    constexpr int end = Cfg::count * 2;
    for (ap_uint<8> row = 0; row < end; row += 2) {
#pragma HLS pipeline II=1
        for (int lane = Cfg::count - 1; lane >= 0; --lane) {
            for (int part = lane; part < lane + Cfg::count; part++) x += part;
        }
    }
    return x;
}

struct config {
    static constexpr int count = 4;
};

int good(int x) {
    for (int i = 10; i != 0; --i) {
        switch (x) {
        case 0:
            x = 2;
            break;
        default:
            x = i;
        }
    }
    for (int i = 0; i + 1 < config::count; ++i) x += i;
    for (int i = 0; 1025 > i + 1; ++i) {
#pragma HLS unroll
        x += i;
    }
    return unrolled<1024>(x) + nested<config>(x);
}

int too_often(int x) { return unrolled<1025>(x); }

int rows(int x) {
    for (int i = 0; i < 128; ++i) {
#pragma HLS pipeline II=1
        for (int row = 0; row < 129; ++row)
            for (int lane = 0; lane < 128; ++lane) // expect: unroll-bound "unrolled loops make 16,512 copies of the body of a loop of `rows`; at most 16,384"
                x += lane;
    }
    return x;
}

int partly(int x) {
    for (int i = 0; i < 100000; ++i) {
#pragma HLS unroll factor=8
        x += i;
    }
    return x;
}

int variable_bound(int n) {
    int x = 0;
    for (int i = 0; i < n; ++i) ++x; // expect: loop-bound "the trip count of a loop of `variable_bound` is not constant: its bound is not a constant"
    return x;
}

int no_counter(int n) {
    while (n > 1) n /= 2; // expect: loop-bound "a `while` loop without a counter"
    return n;
}

int runs_away(int n) {
    for (int i = 0; i < 9; --i) ++n; // expect: loop-bound "its counter runs away from its bound"
    return n;
}

int steps_over(int n) {
    for (int i = 0; i != 9; i += 2) ++n; // expect: loop-bound "its counter steps over its bound"
    return n;
}

int leaves(int n) {
    for (int i = 0; i < 9; ++i) {
        if (n == i) break;    // expect: loop-exit "a break leaves a loop of `leaves` early"
        if (n > 20) return i; // expect: loop-exit "a return leaves a loop of `leaves` early"
    }
    return n;
}

int recursive(int n) {
    for (int i = 0; i < 4; ++i) {
#pragma HLS unroll
        if (n > i) n += recursive(n - 1);
    }
    return n;
}

int moved(int x) {
    for (int i = 0; 1026 > i + 1; ++i) { // expect: unroll-bound "a loop of `moved` is unrolled 1,025 times"
#pragma HLS unroll
        x += i;
    }
    for (int i = 0; 2 * i < 8; ++i) ++x; // expect: loop-bound "its condition does not compare its counter with a bound"
    return x;
}
