// IP core g_a: 3 x 4 x 6 ui8 in words of 3 in, 3 x 2 x 3 i8 in words of 3 out.
#ifndef LICC_CORE_g_a_H
#define LICC_CORE_g_a_H

#include <licc/licc.h>

struct g_a_read_axis {
    using input = licc::uint<8>;
    static constexpr int height = 4;
    static constexpr int width = 6;
    static constexpr int channels = 3;
    static constexpr int lanes = 3;
};

struct g_a_0_line_buffer {
    using input = licc::uint<8>;
    static constexpr int channels = 3;
    static constexpr int height = 4;
    static constexpr int width = 6;
    static constexpr int kernel = 2;
    static constexpr int stride = 2;
    static constexpr int padding = 0;
    static constexpr bool transposed = false;
    static constexpr int taps = 2;
    static constexpr int in_lanes = 3;
    static constexpr int neighbours = 1;
    static constexpr int repeat = 2;
    static constexpr licc::memory memory = licc::memory::bram;
};

struct g_a_0_convolve {
    using input = licc::uint<8>;
    static constexpr int channels = 3;
    static constexpr int height = 4;
    static constexpr int width = 6;
    static constexpr int kernel = 2;
    static constexpr int stride = 2;
    static constexpr int padding = 0;
    static constexpr bool transposed = false;
    static constexpr int taps = 2;
    static constexpr int in_lanes = 3;
    static constexpr int neighbours = 1;
    using weight = licc::sint<8>;
    using accumulator = licc::sint<19>;
    static constexpr int outputs = 3;
    static constexpr int sum_lanes = 2;
    static constexpr int out_lanes = 2;
    static constexpr int packed_outputs = 2;
    static constexpr int packed_pixels = 1;
    static constexpr int chain = 3;
    static constexpr licc::multiplier products = licc::multiplier::dsp;
    static constexpr licc::memory memory = licc::memory::lutram;
    using bias = licc::sint<10>;
    using output = licc::sint<12>;
    static constexpr int shift = 20;
};

struct g_a_1_normalize {
    using input = licc::sint<12>;
    using output = licc::sint<8>;
    using gamma = licc::uint<17>;
    using core = licc::gdn_table;
    static constexpr int pixels = 6;
    static constexpr int channels = 3;
    static constexpr int in_lanes = 2;
    static constexpr int sum_lanes = 1;
    static constexpr int out_lanes = 1;
    static constexpr licc::norm norm = licc::norm::l2;
    static constexpr bool inverse = false;
    static constexpr int norm_bits = 48;
    static constexpr int drop = 0;
    static constexpr int shift = 23;
    static constexpr licc::memory memory = licc::memory::bram;
};

struct g_a_1_convert_width {
    using input = licc::sint<8>;
    static constexpr int pixels = 6;
    static constexpr int channels = 3;
    static constexpr int in_lanes = 1;
    static constexpr int out_lanes = 3;
};

struct g_a_write_axis {
    using input = licc::sint<8>;
    static constexpr int height = 2;
    static constexpr int width = 3;
    static constexpr int channels = 3;
    static constexpr int lanes = 3;
};

void g_a(hls::stream<licc::axis_word<licc::uint<8>, 3>> &in,
         hls::stream<licc::axis_word<licc::sint<8>, 3>> &out);

#endif
