// The beats of AXI4-Stream for lint, with AMD's field names.
#ifndef LICC_LINT_AP_AXI_SDATA_H
#define LICC_LINT_AP_AXI_SDATA_H

#include <ap_int.h>

namespace hls {

template <class DATA, int USER, int ID, int DEST> struct axis {
    DATA data;
    ap_uint<sizeof(DATA)> keep, strb;
    ap_uint<(USER > 0 ? USER : 1)> user;
    ap_uint<1> last;
    ap_uint<(ID > 0 ? ID : 1)> id;
    ap_uint<(DEST > 0 ? DEST : 1)> dest;
};

} // namespace hls

template <int BITS, int USER, int ID, int DEST>
using ap_axis = hls::axis<ap_int<BITS>, USER, ID, DEST>;
template <int BITS, int USER, int ID, int DEST>
using ap_axiu = hls::axis<ap_uint<BITS>, USER, ID, DEST>;

#endif
