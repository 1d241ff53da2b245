// RUN: licc-opt %s -p fuse-streams | filecheck %s

// A multiply-accumulate array and the requantiser behind it are one engine.
// CHECK-LABEL: func.func @fuse
// CHECK: [[W:%.*]] = stream.line_buffer
// CHECK-NOT: stream.mac
// CHECK-NOT: stream.requantize
// CHECK: stream.convolve [[W]]
// CHECK-SAME: accumulator = i20
// CHECK-SAME: -> !stream.fifo<tensor<1x2x4x4xi8>, lanes = 2, depth = 2>
func.func @fuse(%x: !stream.fifo<tensor<1x1x4x4xi8>, lanes = 1, depth = 2>)
    -> !stream.fifo<tensor<1x2x4x4xi8>, lanes = 2, depth = 2> {
  %weight = arith.constant dense<1> : tensor<2x1x3x3xi8>
  %bias = arith.constant dense<[1, 2]> : tensor<2xi32>
  %m = arith.constant dense<[3, 4]> : tensor<2xi32>
  %w = stream.line_buffer %x {layer = "a",
      window = #stream.window<kernel = 3, stride = 1, padding = 1>}
      : (!stream.fifo<tensor<1x1x4x4xi8>, lanes = 1, depth = 2>)
      -> !stream.windows<tensor<1x1x4x4xi8>, lanes = 1, taps = 1, repeat = 1, depth = 2>
  %a = stream.mac %w, %weight {layer = "a",
      window = #stream.window<kernel = 3, stride = 1, padding = 1>}
      : (!stream.windows<tensor<1x1x4x4xi8>, lanes = 1, taps = 1, repeat = 1, depth = 2>,
         tensor<2x1x3x3xi8>) -> !stream.fifo<tensor<1x2x4x4xi20>, lanes = 2, depth = 2>
  %y = stream.requantize %a, %bias, %m {layer = "a", shift = 4 : i64}
      : (!stream.fifo<tensor<1x2x4x4xi20>, lanes = 2, depth = 2>, tensor<2xi32>, tensor<2xi32>)
      -> !stream.fifo<tensor<1x2x4x4xi8>, lanes = 2, depth = 2>
  func.return %y : !stream.fifo<tensor<1x2x4x4xi8>, lanes = 2, depth = 2>
}

// A requantiser that follows anything else stays.
// CHECK-LABEL: func.func @alone
// CHECK: stream.abs
// CHECK-NEXT: stream.requantize
func.func @alone(%x: !stream.fifo<tensor<1x2x4x4xi8>, lanes = 1, depth = 2>)
    -> !stream.fifo<tensor<1x2x4x4xi8>, lanes = 1, depth = 2> {
  %bias = arith.constant dense<[1, 2]> : tensor<2xi32>
  %m = arith.constant dense<[3, 4]> : tensor<2xi32>
  %a = stream.abs %x {layer = "a"}
      : (!stream.fifo<tensor<1x2x4x4xi8>, lanes = 1, depth = 2>)
      -> !stream.fifo<tensor<1x2x4x4xui8>, lanes = 1, depth = 2>
  %y = stream.requantize %a, %bias, %m {layer = "a", shift = 4 : i64}
      : (!stream.fifo<tensor<1x2x4x4xui8>, lanes = 1, depth = 2>, tensor<2xi32>, tensor<2xi32>)
      -> !stream.fifo<tensor<1x2x4x4xi8>, lanes = 1, depth = 2>
  func.return %y : !stream.fifo<tensor<1x2x4x4xi8>, lanes = 1, depth = 2>
}

// Consecutive width converters are one; those that convert nothing are gone, their depth is kept.
// CHECK-LABEL: func.func @converters
// CHECK-SAME: lanes = 2, depth = 8>)
// CHECK: [[C:%.*]] = stream.width_converter %x
// CHECK-SAME: lanes = 2, depth = 8>) -> !stream.fifo<tensor<1x6x4x4xi8>, lanes = 3, depth = 2>
// CHECK-NEXT: func.return [[C]]
func.func @converters(%x: !stream.fifo<tensor<1x6x4x4xi8>, lanes = 2, depth = 2>)
    -> !stream.fifo<tensor<1x6x4x4xi8>, lanes = 3, depth = 2> {
  %a = stream.width_converter %x {layer = "a"}
      : (!stream.fifo<tensor<1x6x4x4xi8>, lanes = 2, depth = 2>)
      -> !stream.fifo<tensor<1x6x4x4xi8>, lanes = 2, depth = 8>
  %b = stream.width_converter %a {layer = "a"}
      : (!stream.fifo<tensor<1x6x4x4xi8>, lanes = 2, depth = 8>)
      -> !stream.fifo<tensor<1x6x4x4xi8>, lanes = 6, depth = 2>
  %c = stream.width_converter %b {layer = "a"}
      : (!stream.fifo<tensor<1x6x4x4xi8>, lanes = 6, depth = 2>)
      -> !stream.fifo<tensor<1x6x4x4xi8>, lanes = 3, depth = 2>
  func.return %c : !stream.fifo<tensor<1x6x4x4xi8>, lanes = 3, depth = 2>
}
