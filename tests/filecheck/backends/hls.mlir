// RUN: licc-opt %s -t hls | filecheck %s
// RUN: licc-opt %s -t 'hls{function=residual}' | filecheck %s --check-prefix=ONE

func.func @g_a(%x: !stream.fifo<tensor<1x3x4x6xui8>, lanes = 3, depth = 2>)
    -> !stream.fifo<tensor<1x3x2x3xi8>, lanes = 3, depth = 2> {
  %weight = arith.constant dense<[
    [[[1, 2], [3, 4]], [[5, 6], [7, 8]], [[9, 10], [11, 12]]],
    [[[-1, -2], [-3, -4]], [[-5, -6], [-7, -8]], [[-9, -10], [-11, -12]]],
    [[[21, 22], [23, 24]], [[25, 26], [27, 28]], [[29, 30], [31, 32]]]
  ]> : tensor<3x3x2x2xi8>
  %bias = arith.constant dense<[100, -200, 300]> : tensor<3xi10>
  %m = arith.constant dense<[70000, 80000, 90000]> : tensor<3xi32>
  %leaky = arith.constant dense<[700, 60000, 900]> : tensor<3xi32>
  %windows = stream.line_buffer %x {layer = "g_a.0",
      window = #stream.window<kernel = 2, stride = 2, padding = 0>}
      : (!stream.fifo<tensor<1x3x4x6xui8>, lanes = 3, depth = 2>)
      -> !stream.windows<tensor<1x3x4x6xui8>, lanes = 3, taps = 2, repeat = 2, depth = 4>
  %y = stream.convolve %windows, %weight, %bias, %m, %leaky {layer = "g_a.0", shift = 20 : i64,
      window = #stream.window<kernel = 2, stride = 2, padding = 0>, accumulator = i19,
      packing = #stream.packing<outputs = 2, pixels = 1, chain = 3>, memory = #stream<memory lutram>}
      : (!stream.windows<tensor<1x3x4x6xui8>, lanes = 3, taps = 2, repeat = 2, depth = 4>,
         tensor<3x3x2x2xi8>, tensor<3xi10>, tensor<3xi32>, tensor<3xi32>)
      -> !stream.fifo<tensor<1x3x2x3xi12>, lanes = 2, depth = 3>
  %n = arith.constant dense<[70000, 80000, 30000]> : tensor<3xi32>
  %beta = arith.constant dense<[1000, 2000, 3000]> : tensor<3xi48>
  %gamma = arith.constant dense<[[1, 2, 3], [4, 5, 6], [7, 8, 9]]> : tensor<3x3xui17>
  %z = stream.normalize %y, %beta, %gamma, %n {layer = "g_a.1", norm = #gdn<norm l2>,
      shift = 23 : i64}
      : (!stream.fifo<tensor<1x3x2x3xi12>, lanes = 2, depth = 3>, tensor<3xi48>,
         tensor<3x3xui17>, tensor<3xi32>) -> !stream.fifo<tensor<1x3x2x3xi8>, lanes = 1, depth = 2>
  %r = stream.width_converter %z {layer = "g_a.1"}
      : (!stream.fifo<tensor<1x3x2x3xi8>, lanes = 1, depth = 2>)
      -> !stream.fifo<tensor<1x3x2x3xi8>, lanes = 3, depth = 2>
  func.return %r : !stream.fifo<tensor<1x3x2x3xi8>, lanes = 3, depth = 2>
}

// CHECK:      // IP core g_a: 3 x 4 x 6 ui8 in words of 3 in, 3 x 2 x 3 i8 in words of 3 out.
// CHECK:      struct g_a_0_line_buffer {
// CHECK-NEXT:     using input = licc::uint<8>;
// CHECK-NEXT:     static constexpr int channels = 3;
// CHECK:          static constexpr int repeat = 2;
// CHECK-NEXT:     static constexpr licc::memory memory = licc::memory::bram;
// CHECK:      struct g_a_0_convolve {
// CHECK:          using weight = licc::sint<8>;
// CHECK-NEXT:     using accumulator = licc::sint<19>;
// CHECK-NEXT:     static constexpr int outputs = 3;
// CHECK-NEXT:     static constexpr int sum_lanes = 2;
// CHECK-NEXT:     static constexpr int out_lanes = 2;
// CHECK-NEXT:     static constexpr int packed_outputs = 2;
// CHECK-NEXT:     static constexpr int packed_pixels = 1;
// CHECK-NEXT:     static constexpr int chain = 3;
// CHECK-NEXT:     static constexpr licc::multiplier products = licc::multiplier::dsp;
// CHECK-NEXT:     static constexpr licc::memory memory = licc::memory::lutram;
// CHECK-NEXT:     using bias = licc::sint<10>;
// CHECK:      #include "g_a_weights.h"
// CHECK:      void g_a(hls::stream<licc::axis_word<licc::uint<8>, 3>> &in,
// CHECK-NEXT:          hls::stream<licc::axis_word<licc::sint<8>, 3>> &out) {
// CHECK-NEXT: #pragma HLS interface mode=axis port=in
// CHECK-NEXT: #pragma HLS interface mode=axis port=out
// CHECK-NEXT: #pragma HLS interface mode=s_axilite port=return
// CHECK-NEXT: #pragma HLS dataflow
// CHECK:          hls::stream<licc::word<licc::uint<8>, 6>, 4> g_a_0_line_buffer_out("g_a_0_line_buffer_out");
// CHECK-NEXT:     hls::stream<licc::word<licc::sint<12>, 2>, 3> g_a_0_convolve_out("g_a_0_convolve_out");
// CHECK:          LICC_PROCESS(licc::read_axis<g_a_read_axis>, in, g_a_read_axis_out);
// CHECK-NEXT:     LICC_PROCESS(licc::line_buffer<g_a_0_line_buffer>, g_a_read_axis_out, g_a_0_line_buffer_out);
// CHECK-NEXT:     LICC_PROCESS(licc::convolve<g_a_0_convolve>, g_a_0_line_buffer_out, g_a_0_convolve_out,
// CHECK-NEXT:         g_a_0_convolve_weights,
// CHECK-NEXT:         g_a_0_convolve_bias,
// CHECK-NEXT:         g_a_0_convolve_multiplier,
// CHECK-NEXT:         g_a_0_convolve_negative);
// CHECK:          LICC_PROCESS(licc::convert_width<g_a_1_convert_width>, g_a_1_normalize_out, g_a_1_convert_width_out);
// CHECK-NEXT:     LICC_PROCESS(licc::write_axis<g_a_write_axis>, g_a_1_convert_width_out, out);
// CHECK-NEXT:     LICC_RUN
// CHECK-NEXT: }

func.func @residual(%x: !stream.fifo<tensor<1x4x4x4xi20>, lanes = 2, depth = 2>)
    -> !stream.fifo<tensor<1x4x4x4xi21>, lanes = 2, depth = 2> {
  %a, %b = stream.fork %x {layer = "0"}
      : (!stream.fifo<tensor<1x4x4x4xi20>, lanes = 2, depth = 2>)
      -> (!stream.fifo<tensor<1x4x4x4xi20>, lanes = 2, depth = 2>,
          !stream.fifo<tensor<1x4x4x4xi20>, lanes = 2, depth = 7>)
  %y = stream.add %a, %b {layer = "0"}
      : (!stream.fifo<tensor<1x4x4x4xi20>, lanes = 2, depth = 2>,
         !stream.fifo<tensor<1x4x4x4xi20>, lanes = 2, depth = 7>)
      -> !stream.fifo<tensor<1x4x4x4xi21>, lanes = 2, depth = 2>
  func.return %y : !stream.fifo<tensor<1x4x4x4xi21>, lanes = 2, depth = 2>
}

// Two FIFOs of one writer, and a layer whose name does not start with a letter.
// ONE-NOT: g_a
// ONE:      struct x0_fork {
// ONE:      hls::stream<licc::word<licc::sint<20>, 2>, 2> x0_fork_out("x0_fork_out");
// ONE-NEXT: hls::stream<licc::word<licc::sint<20>, 2>, 7> x0_fork_out_2("x0_fork_out_2");
// ONE:      LICC_PROCESS(licc::fork<x0_fork>, residual_read_axis_out, x0_fork_out, x0_fork_out_2);
// ONE-NEXT: LICC_PROCESS(licc::add<x0_add>, x0_fork_out, x0_fork_out_2, x0_add_out);
