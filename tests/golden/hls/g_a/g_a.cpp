// Top function of g_a: its FIFOs, then its actors, all of which run at once.
#include "g_a.h"

#include "g_a_weights.h"

void g_a(hls::stream<licc::axis_word<licc::uint<8>, 3>> &in,
         hls::stream<licc::axis_word<licc::sint<8>, 3>> &out) {
#pragma HLS interface mode=axis port=in
#pragma HLS interface mode=axis port=out
#pragma HLS interface mode=s_axilite port=return
#pragma HLS dataflow
    hls::stream<licc::word<licc::uint<8>, 3>, 2> g_a_read_axis_out("g_a_read_axis_out");
    hls::stream<licc::word<licc::uint<8>, 6>, 4> g_a_0_line_buffer_out("g_a_0_line_buffer_out");
    hls::stream<licc::word<licc::sint<12>, 2>, 3> g_a_0_convolve_out("g_a_0_convolve_out");
    hls::stream<licc::word<licc::sint<8>, 1>, 2> g_a_1_normalize_out("g_a_1_normalize_out");
    hls::stream<licc::word<licc::sint<8>, 3>, 2> g_a_1_convert_width_out("g_a_1_convert_width_out");
    LICC_PROCESS(licc::read_axis<g_a_read_axis>, in, g_a_read_axis_out);
    LICC_PROCESS(licc::line_buffer<g_a_0_line_buffer>, g_a_read_axis_out, g_a_0_line_buffer_out);
    LICC_PROCESS(licc::convolve<g_a_0_convolve>, g_a_0_line_buffer_out, g_a_0_convolve_out,
        g_a_0_convolve_weights,
        g_a_0_convolve_bias,
        g_a_0_convolve_multiplier,
        g_a_0_convolve_negative);
    LICC_PROCESS(licc::normalize<g_a_1_normalize>, g_a_0_convolve_out, g_a_1_normalize_out,
        g_a_1_normalize_beta,
        g_a_1_normalize_gamma,
        g_a_1_normalize_multiplier);
    LICC_PROCESS(licc::convert_width<g_a_1_convert_width>, g_a_1_normalize_out, g_a_1_convert_width_out);
    LICC_PROCESS(licc::write_axis<g_a_write_axis>, g_a_1_convert_width_out, out);
    LICC_RUN
}
