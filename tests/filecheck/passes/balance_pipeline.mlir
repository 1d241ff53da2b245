// RUN: licc-opt %s -p 'balance-pipeline{dsp=0}' | filecheck %s
// RUN: licc-opt %s -p 'balance-pipeline{dsp=3 packing=false}' | filecheck %s --check-prefix SMALL
// RUN: licc-opt %s -p 'balance-pipeline{fps=1000.0}' | filecheck %s --check-prefix SLOW

// Without a limit as many products are side by side as the interface keeps up with.
// CHECK: func.func @g_a(%x: !stream.fifo<tensor<1x4x8x8xi8>, lanes = 4, depth = 2>)
// CHECK-SAME: -> !stream.fifo<tensor<1x6x8x8xi8>, lanes = 4, depth = 2>
// CHECK: stream.line_buffer %x
// CHECK-SAME: lanes = 4, taps = 1, repeat = 1, depth = 2, pixels = 4>
// CHECK: stream.convolve
// CHECK-SAME: outputs = 6
// CHECK-SAME: packing = #stream.packing<outputs = 1, pixels = 2, chain = 4>
// CHECK: stream.width_converter
// CHECK-SAME: lanes = 4, depth = 2>
// CHECK: func.return

// Three slices: one product and one requantiser of two slices; its words are widened for the port.
// SMALL: stream.line_buffer
// SMALL-SAME: lanes = 1, taps = 1, repeat = 6
// SMALL: stream.convolve
// SMALL-NOT: packing
// SMALL-SAME: -> !stream.fifo<tensor<1x6x8x8xi8>, lanes = 1, depth = 2>
// SMALL: stream.width_converter
// SMALL-SAME: lanes = 1, depth = 2>) -> !stream.fifo<tensor<1x6x8x8xi8>, lanes = 4, depth = 2>

// No more than the rate asks for: two products in one slice, whose sums share a requantiser.
// SLOW: stream.line_buffer
// SLOW-SAME: lanes = 1, taps = 1, repeat = 3
// SLOW: stream.convolve
// SLOW-SAME: outputs = 2
// SLOW-SAME: packing = #stream.packing<outputs = 2, pixels = 1, chain = 1>
// SLOW-SAME: -> !stream.fifo<tensor<1x6x8x8xi8>, lanes = 1, depth = 2>
func.func @g_a(%x: !stream.fifo<tensor<1x4x8x8xi8>, lanes = 1, depth = 2>)
    -> !stream.fifo<tensor<1x6x8x8xi8>, lanes = 1, depth = 2> {
  %weight = arith.constant dense<1> : tensor<6x4x3x3xi8>
  %bias = arith.constant dense<1> : tensor<6xi32>
  %m = arith.constant dense<3> : tensor<6xi32>
  %w = stream.line_buffer %x {layer = "g_a.0",
      window = #stream.window<kernel = 3, stride = 1, padding = 1>}
      : (!stream.fifo<tensor<1x4x8x8xi8>, lanes = 1, depth = 2>)
      -> !stream.windows<tensor<1x4x8x8xi8>, lanes = 1, taps = 1, repeat = 6, depth = 2>
  %y = stream.convolve %w, %weight, %bias, %m {layer = "g_a.0", shift = 4 : i64,
      window = #stream.window<kernel = 3, stride = 1, padding = 1>, accumulator = i28}
      : (!stream.windows<tensor<1x4x8x8xi8>, lanes = 1, taps = 1, repeat = 6, depth = 2>,
         tensor<6x4x3x3xi8>, tensor<6xi32>, tensor<6xi32>)
      -> !stream.fifo<tensor<1x6x8x8xi8>, lanes = 1, depth = 2>
  func.return %y : !stream.fifo<tensor<1x6x8x8xi8>, lanes = 1, depth = 2>
}
