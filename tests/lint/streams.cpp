#include <hls_stream.h>

template <class T> void pass(hls::stream<T> &in, hls::stream<T> &out) {
    T value;
    in >> value;
    out << value;
}
void nested(hls::stream<int> &in, hls::stream<int> &out) { pass(in, out); }
void split(hls::stream<int> &in, hls::stream<int> &a, hls::stream<int> &b) {
    const int value = in.read();
    a.write(value);
    b.write(value);
}
void join(hls::stream<int> &a, hls::stream<int> &b, hls::stream<int> &out) {
    if (!a.empty()) out.write(a.read() + b.read());
}
void source(hls::stream<int> &out) { out.write_nb(1); }
void sink(hls::stream<int> &in) {
    int value;
    in.read_nb(value);
}
void elsewhere(hls::stream<int> &in);

void good(hls::stream<int> &in, hls::stream<int> &out) {
#pragma HLS dataflow
    hls::stream<int> a, b, c;
    split(in, a, b);
    nested(a, c);
    join(b, c, out);
}

void no_writer(hls::stream<int> &out) {
#pragma HLS dataflow
    hls::stream<int> dry; // expect: stream-unconnected "no process writes the stream `dry`"
    pass(dry, out);
}

void no_reader(hls::stream<int> &in) {
#pragma HLS dataflow
    hls::stream<int> full; // expect: stream-unconnected "no process reads the stream `full`"
    pass(in, full);
}

void unused(hls::stream<int> &in, hls::stream<int> &out, hls::stream<int> &idle) { // expect: stream-unconnected "no process reads or writes the stream `idle`"
#pragma HLS dataflow
    pass(in, out);
}

void two_writers(hls::stream<int> &in, hls::stream<int> &out) {
#pragma HLS dataflow
    hls::stream<int> both; // expect: stream-producer "2 processes write the stream `both`, one is allowed: `pass<int>` (line 52), `source` (line 53)"
    pass(in, both);
    source(both);
    pass(both, out);
}

void two_readers(hls::stream<int> &in, hls::stream<int> &out) {
#pragma HLS dataflow
    hls::stream<int> both; // expect: stream-consumer "2 processes read the stream `both`"
    pass(in, both);
    pass(both, out);
    sink(both);
}

void shared_input(hls::stream<int> &in, hls::stream<int> &out) { // expect: stream-consumer "2 processes read the stream `in`"
#pragma HLS dataflow
    pass(in, out);
    sink(in);
}

void backwards(hls::stream<int> &in, hls::stream<int> &out) {
#pragma HLS dataflow
    hls::stream<int> late; // expect: stream-feedback "`late` feeds back: `pass<int>` (line 74) reads it before `nested` (line 75), which writes it, is called"
    pass(late, out);
    nested(in, late);
}

void own_tail(hls::stream<int> &in) {
#pragma HLS dataflow
    hls::stream<int> ring; // expect: stream-feedback "`pass<int>` (line 81) reads and writes it"
    pass(ring, ring);
    sink(in);
}

void unseen(hls::stream<int> &in) {
#pragma HLS dataflow
    elsewhere(in); // expect: process-body "`elsewhere` takes the stream `in`, and has no body here"
}

struct doubler {
    void operator()(hls::stream<int> &in, hls::stream<int> &out) const { out.write(2 * in.read()); }
};

void functor(hls::stream<int> &in, hls::stream<int> &out) {
#pragma HLS dataflow
    hls::stream<int> halfway;
    pass(in, halfway);
    doubler()(halfway, out); // expect: dataflow-canonical "argument 1 of `operator()` is an expression"
}
