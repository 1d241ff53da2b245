#include <hls_stream.h>

void produce(int seed, hls::stream<int> &out) { out.write(seed); }
void pass(hls::stream<int> &in, hls::stream<int> &out) { out.write(in.read()); }
int answer(hls::stream<int> &in) { return in.read(); }

void good(hls::stream<int> &in, hls::stream<int> &out) {
#pragma HLS dataflow
    using word = int;
    static_assert(sizeof(word) == 4, "");
    hls::stream<word, 4> a("a"), b("b");
    pass(in, a);
    pass(a, b);
    pass(b, out);
}

void conditional(bool wanted, hls::stream<int> &in, hls::stream<int> &out) {
#pragma HLS dataflow
    if (wanted) pass(in, out); // expect: dataflow-canonical "a condition, where only streams and calls may be, in the dataflow region `conditional`"
}

void looping(hls::stream<int> &in, hls::stream<int> &out) {
#pragma HLS dataflow
    for (int i = 0; i < 4; ++i) { // expect: dataflow-canonical "a loop"
        pass(in, out);
    }
}

void static_stream(hls::stream<int> &in, hls::stream<int> &out) {
#pragma HLS dataflow
    static hls::stream<int> kept; // expect: dataflow-canonical "`kept` is a static stream"
    pass(in, kept);
    pass(kept, out);
}

void scalar(hls::stream<int> &out) {
#pragma HLS dataflow
    const int fixed = 3;
    int seed = 1;   // expect: dataflow-canonical "`seed` is a int, not an hls::stream"
    seed = seed + 1; // expect: dataflow-canonical "an expression"
    produce(fixed, out);
}

void computing(int seed, hls::stream<int> &out) {
#pragma HLS dataflow
    produce(seed + 1, out); // expect: dataflow-canonical "argument 1 of `produce` is an expression"
}

void answering(hls::stream<int> &in) {
#pragma HLS dataflow
    answer(in); // expect: dataflow-canonical "`answer` returns int, not void"
}

int returning(hls::stream<int> &in, hls::stream<int> &out) { // expect: dataflow-canonical "returns int; only void is allowed"
#pragma HLS dataflow
    pass(in, out);
    return 0; // expect: dataflow-canonical "a return"
}

void in_a_loop(hls::stream<int> &in, hls::stream<int> &out) {
    for (int i = 0; i < 4; ++i) {
#pragma HLS dataflow // expect: dataflow-canonical "in a for stmt"
        pass(in, out);
    }
}
