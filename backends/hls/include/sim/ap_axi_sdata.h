// ap_axiu for the g++ build: a beat of AXI4-Stream, with AMD's field names.
//
// With LICC_AP_INT the data is AMD's ap_uint; otherwise `beat_data`, bytes with as much of ap_uint's
// interface as the kernels and a test bench use: range(high, low) on whole bytes.
#ifndef LICC_SIM_AP_AXI_SDATA_H
#define LICC_SIM_AP_AXI_SDATA_H

#include <cstdint>

#ifdef LICC_AP_INT
#include <ap_int.h>
#endif

namespace licc::sim {

// BITS bits, a whole number of bytes, little-endian.
template <int BITS> struct beat_data {
    static_assert(BITS % 8 == 0, "TDATA is a whole number of bytes");
    std::uint8_t byte[BITS / 8] = {};

    // Bits high .. low, at most 64, at byte boundaries.
    template <class Data> struct slice {
        Data &data;
        int high, low;

        std::uint64_t to_uint64() const {
            std::uint64_t value = 0;
            for (int i = high / 8; i >= low / 8; --i) value = value << 8 | data.byte[i];
            return value;
        }
        slice &operator=(std::uint64_t value) {
            for (int i = low / 8; i <= high / 8; ++i, value >>= 8) data.byte[i] = value & 255;
            return *this;
        }
    };

    slice<beat_data> range(int high, int low) { return {*this, high, low}; }
    slice<const beat_data> range(int high, int low) const { return {*this, high, low}; }
};

} // namespace licc::sim

namespace hls {

template <class DATA, int USER, int ID, int DEST> struct axis {
    DATA data;
    std::int64_t keep, strb; // all ones: every byte counts
    std::uint32_t user : USER;
    std::uint32_t last : 1;
    std::uint32_t id : ID;
    std::uint32_t dest : DEST;
};

} // namespace hls

#ifdef LICC_AP_INT
template <int BITS, int USER, int ID, int DEST>
using ap_axiu = hls::axis<ap_uint<BITS>, USER, ID, DEST>;
#else
template <int BITS, int USER, int ID, int DEST>
using ap_axiu = hls::axis<licc::sim::beat_data<BITS>, USER, ID, DEST>;
#endif

#endif
