#include <ap_axi_sdata.h>
#include <ap_int.h>
#include <hls_stream.h>

template <int BITS, int LANES> struct word {
    ap_int<BITS> lane[LANES];
};

template <class T> void pass(hls::stream<T> &in, hls::stream<T> &out) { out.write(in.read()); }

void good(hls::stream<word<8, 1024>> &in, hls::stream<word<8, 1024>> &out) {
    ap_uint<1024> whole = 0;
    pass(in, out);
}

void wide(hls::stream<word<9, 1024>> &in) { // expect: stream-width "the stream `in` of `wide` carries words of 9,216 bits; at most 8,192"
    in.read();
}

void wide_integer() {
    ap_uint<1025> whole = 0; // expect: ap-int-width "`whole` of `wide_integer` holds an ap_int of 1,025 bits; at most 1,024"
}

void wide_beat(hls::stream<ap_axiu<1032, 1, 1, 1>> &in) { // expect: ap-int-width "holds an ap_int of 1,032 bits"
    in.read();
}
