// RUN: licc-opt %s | licc-opt | filecheck %s

// CHECK-LABEL: @elementwise
func.func @elementwise(%x: !stream.fifo<tensor<1x5x4x4xi8>, lanes = 2, depth = 2>, %m: tensor<5xi32>)
    -> !stream.fifo<tensor<1x5x4x4xi17>, lanes = 3, depth = 64> {
  // CHECK: stream.offset {{.*}} {layer = "g_s.median", shift = 6 : i64}
  %a = stream.offset %x, %m {layer = "g_s.median", shift = 6 : i64}
      : (!stream.fifo<tensor<1x5x4x4xi8>, lanes = 2, depth = 2>, tensor<5xi32>)
      -> !stream.fifo<tensor<1x5x4x4xi16>, lanes = 2, depth = 2>
  // CHECK-NEXT: stream.fork {{.*}} -> (!stream.fifo<{{.*}}, depth = 2>, !stream.fifo<{{.*}}, depth = 8>)
  %b, %c = stream.fork %a {layer = "fork"}
      : (!stream.fifo<tensor<1x5x4x4xi16>, lanes = 2, depth = 2>)
      -> (!stream.fifo<tensor<1x5x4x4xi16>, lanes = 2, depth = 2>,
          !stream.fifo<tensor<1x5x4x4xi16>, lanes = 2, depth = 8>)
  // CHECK-NEXT: stream.abs
  %d = stream.abs %b {layer = "h_a.abs"}
      : (!stream.fifo<tensor<1x5x4x4xi16>, lanes = 2, depth = 2>)
      -> !stream.fifo<tensor<1x5x4x4xui16>, lanes = 2, depth = 2>
  // CHECK-NEXT: stream.add
  %e = stream.add %c, %d {layer = "add"}
      : (!stream.fifo<tensor<1x5x4x4xi16>, lanes = 2, depth = 8>,
         !stream.fifo<tensor<1x5x4x4xui16>, lanes = 2, depth = 2>)
      -> !stream.fifo<tensor<1x5x4x4xi17>, lanes = 2, depth = 2>
  // CHECK-NEXT: stream.width_converter {{.*}} -> !stream.fifo<tensor<1x5x4x4xi17>, lanes = 3, depth = 64>
  %f = stream.width_converter %e {layer = "add"}
      : (!stream.fifo<tensor<1x5x4x4xi17>, lanes = 2, depth = 2>)
      -> !stream.fifo<tensor<1x5x4x4xi17>, lanes = 3, depth = 64>
  func.return %f : !stream.fifo<tensor<1x5x4x4xi17>, lanes = 3, depth = 64>
}

// CHECK-LABEL: @engine
func.func @engine(%x: !stream.fifo<tensor<1x4x8x8xi8>, lanes = 2, depth = 2>, %w: tensor<4x6x3x3xi8>)
    -> !stream.fifo<tensor<1x6x16x16xi20>, lanes = 2, depth = 2> {
  // CHECK: stream.line_buffer {{.*}} memory = #stream<memory lutram>
  // CHECK-SAME: window = #stream.window<kernel = 3, stride = 2, padding = 1, transposed>
  %v = stream.line_buffer %x {layer = "g_s.0", memory = #stream<memory lutram>,
      window = #stream.window<kernel = 3, stride = 2, padding = 1, transposed>}
      : (!stream.fifo<tensor<1x4x8x8xi8>, lanes = 2, depth = 2>)
      -> !stream.windows<tensor<1x4x8x8xi8>, lanes = 2, taps = 2, repeat = 3, depth = 2>
  // CHECK-NEXT: stream.mac {{.*}} packing = #stream.packing<outputs = 2, pixels = 1, chain = 7>
  %y = stream.mac %v, %w {layer = "g_s.0", packing = #stream.packing<outputs = 2, pixels = 1, chain = 7>,
      window = #stream.window<kernel = 3, stride = 2, padding = 1, transposed>}
      : (!stream.windows<tensor<1x4x8x8xi8>, lanes = 2, taps = 2, repeat = 3, depth = 2>,
         tensor<4x6x3x3xi8>) -> !stream.fifo<tensor<1x6x16x16xi20>, lanes = 2, depth = 2>
  func.return %y : !stream.fifo<tensor<1x6x16x16xi20>, lanes = 2, depth = 2>
}

// CHECK-LABEL: @shaped
func.func @shaped(
    %x: !stream.windows<tensor<1x4x8x8xi8>, lanes = 2, taps = 3, repeat = 4, depth = 2>,
    %w: tensor<8x4x3x3xi8>, %v: tensor<8xi32>, %beta: tensor<8xi64>, %gamma: tensor<8x8xui16>)
    -> !stream.fifo<tensor<1x8x8x8xi8>, lanes = 4, depth = 2> {
  // CHECK-NEXT: stream.convolve %x, %w, %v, %v, %v
  // CHECK-SAME: shift = 24 : i64, {{.*}}accumulator = i20, memory = #stream<memory registers>
  %a = stream.convolve %x, %w, %v, %v, %v {layer = "g_a.0", shift = 24 : i64,
      window = #stream.window<kernel = 3, stride = 1, padding = 1>, accumulator = i20,
      memory = #stream<memory registers>}
      : (!stream.windows<tensor<1x4x8x8xi8>, lanes = 2, taps = 3, repeat = 4, depth = 2>,
         tensor<8x4x3x3xi8>, tensor<8xi32>, tensor<8xi32>, tensor<8xi32>)
      -> !stream.fifo<tensor<1x8x8x8xi12, #quant.scale<0.5>>, lanes = 2, depth = 2>
  // CHECK-NEXT: stream.normalize %a, %beta, %gamma, %v
  // CHECK-SAME: norm = #gdn<norm l1>, inverse = true, shift = -4 : i64
  %b = stream.normalize %a, %beta, %gamma, %v
      {layer = "g_a.1", norm = #gdn<norm l1>, inverse = true, shift = -4 : i64}
      : (!stream.fifo<tensor<1x8x8x8xi12, #quant.scale<0.5>>, lanes = 2, depth = 2>,
         tensor<8xi64>, tensor<8x8xui16>, tensor<8xi32>)
      -> !stream.fifo<tensor<1x8x8x8xi8>, lanes = 4, depth = 2>
  // CHECK-NEXT: stream.requantize %b, %v, %v, %v {layer = "g_a.2", shift = 7 : i64}
  %c = stream.requantize %b, %v, %v, %v {layer = "g_a.2", shift = 7 : i64}
      : (!stream.fifo<tensor<1x8x8x8xi8>, lanes = 4, depth = 2>,
         tensor<8xi32>, tensor<8xi32>, tensor<8xi32>)
      -> !stream.fifo<tensor<1x8x8x8xi8>, lanes = 4, depth = 2>
  func.return %c : !stream.fifo<tensor<1x8x8x8xi8>, lanes = 4, depth = 2>
}

// Two pixels side by side, both products of a slice for one output channel; sums leave one a step.
// CHECK-LABEL: @pixels
func.func @pixels(%x: !stream.fifo<tensor<1x4x8x8xi8>, lanes = 2, depth = 2>,
    %w: tensor<4x3x3x3xi8>, %b: tensor<3xi32>, %m: tensor<3xi32>)
    -> !stream.fifo<tensor<1x3x16x16xui8>, lanes = 1, depth = 2> {
  // CHECK: taps = 2, repeat = 1, depth = 2, pixels = 2>
  %v = stream.line_buffer %x {layer = "g_s.6",
      window = #stream.window<kernel = 3, stride = 2, padding = 1, transposed>}
      : (!stream.fifo<tensor<1x4x8x8xi8>, lanes = 2, depth = 2>)
      -> !stream.windows<tensor<1x4x8x8xi8>, lanes = 2, taps = 2, repeat = 1, depth = 2, pixels = 2>
  // CHECK: outputs = 3 : i64
  // CHECK-SAME: packing = #stream.packing<outputs = 1, pixels = 2, chain = 4>
  %y = stream.convolve %v, %w, %b, %m {layer = "g_s.6", shift = 20 : i64, accumulator = i20,
      window = #stream.window<kernel = 3, stride = 2, padding = 1, transposed>, outputs = 3 : i64,
      packing = #stream.packing<outputs = 1, pixels = 2, chain = 4>}
      : (!stream.windows<tensor<1x4x8x8xi8>, lanes = 2, taps = 2, repeat = 1, depth = 2, pixels = 2>,
         tensor<4x3x3x3xi8>, tensor<3xi32>, tensor<3xi32>)
      -> !stream.fifo<tensor<1x3x16x16xui8>, lanes = 3, depth = 2>
  %z = stream.width_converter %y {layer = "g_s.6"}
      : (!stream.fifo<tensor<1x3x16x16xui8>, lanes = 3, depth = 2>)
      -> !stream.fifo<tensor<1x3x16x16xui8>, lanes = 1, depth = 2>
  func.return %z : !stream.fifo<tensor<1x3x16x16xui8>, lanes = 1, depth = 2>
}
