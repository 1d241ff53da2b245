// RUN: licc-opt %s -p size-fifos | filecheck %s
// RUN: licc-opt %s -p size-fifos,size-fifos{search=false} | filecheck %s --check-prefix=START

// Without the search: the depths to start from, with two pixels for each of two actors more than the
// join needs, and no certificate.
// START-NOT: stream.certificate
// START: func.func @residual
// START: stream.fork
// START-SAME: -> (!stream.fifo<tensor<1x1x8x16xi8>, lanes = 1, depth = 101>,
// START-NOT: stream.certificate

// Without branches a FIFO holds what the shift register of a LUT does.
// CHECK-LABEL: func.func @linear
// CHECK-SAME: (%x: !stream.fifo<tensor<1x6x4x4xi8>, lanes = 2, depth = 32>)
// CHECK-SAME: -> !stream.fifo<tensor<1x6x4x4xi8>, lanes = 3, depth = 32>
// CHECK-SAME: stream.certificate = #stream.certificate<interval = 48, unbounded = 48, frames = 4, rows = 2,
// CHECK-SAME: #stream.fifo_certificate<"a width_converter -> sink 0", words = 32, depth = 32, bound = 2, least = 32, less = 0>
func.func @linear(%x: !stream.fifo<tensor<1x6x4x4xi8>, lanes = 2, depth = 9>)
    -> !stream.fifo<tensor<1x6x4x4xi8>, lanes = 3, depth = 9> {
  %c = stream.width_converter %x {layer = "a"}
      : (!stream.fifo<tensor<1x6x4x4xi8>, lanes = 2, depth = 9>)
      -> !stream.fifo<tensor<1x6x4x4xi8>, lanes = 3, depth = 9>
  func.return %c : !stream.fifo<tensor<1x6x4x4xi8>, lanes = 3, depth = 9>
}

// The convolution takes two rows of 16 words and a word a pixel before it answers: 33 words are kept
// in the other branch, for with one less an order of execution stops; and 2 * 32 more for the
// pipelines of two kernels.
// CHECK-LABEL: func.func @residual
// CHECK-SAME: #stream.fifo_certificate<"a fork -> c add", words = 128, depth = 97, bound = 33, least = 33, less = -1>
// CHECK: stream.fork
// CHECK-SAME: -> (!stream.fifo<tensor<1x1x8x16xi8>, lanes = 1, depth = 97>,
// CHECK-SAME: !stream.fifo<tensor<1x1x8x16xi8>, lanes = 1, depth = 32>)
func.func @residual(%x: !stream.fifo<tensor<1x1x8x16xi8>, lanes = 1, depth = 2>)
    -> !stream.fifo<tensor<1x1x8x16xi9>, lanes = 1, depth = 2> {
  %weight = arith.constant dense<1> : tensor<1x1x3x3xi8>
  %bias = arith.constant dense<1> : tensor<1xi32>
  %m = arith.constant dense<3> : tensor<1xi32>
  %skip, %x1 = stream.fork %x {layer = "a"}
      : (!stream.fifo<tensor<1x1x8x16xi8>, lanes = 1, depth = 2>)
      -> (!stream.fifo<tensor<1x1x8x16xi8>, lanes = 1, depth = 2>,
          !stream.fifo<tensor<1x1x8x16xi8>, lanes = 1, depth = 2>)
  %w = stream.line_buffer %x1 {layer = "b",
      window = #stream.window<kernel = 3, stride = 1, padding = 1>}
      : (!stream.fifo<tensor<1x1x8x16xi8>, lanes = 1, depth = 2>)
      -> !stream.windows<tensor<1x1x8x16xi8>, lanes = 1, taps = 1, repeat = 1, depth = 2>
  %y = stream.convolve %w, %weight, %bias, %m {layer = "b", shift = 4 : i64,
      window = #stream.window<kernel = 3, stride = 1, padding = 1>, accumulator = i20}
      : (!stream.windows<tensor<1x1x8x16xi8>, lanes = 1, taps = 1, repeat = 1, depth = 2>,
         tensor<1x1x3x3xi8>, tensor<1xi32>, tensor<1xi32>)
      -> !stream.fifo<tensor<1x1x8x16xi8>, lanes = 1, depth = 2>
  %z = stream.add %y, %skip {layer = "c"}
      : (!stream.fifo<tensor<1x1x8x16xi8>, lanes = 1, depth = 2>,
         !stream.fifo<tensor<1x1x8x16xi8>, lanes = 1, depth = 2>)
      -> !stream.fifo<tensor<1x1x8x16xi9>, lanes = 1, depth = 2>
  func.return %z : !stream.fifo<tensor<1x1x8x16xi9>, lanes = 1, depth = 2>
}
