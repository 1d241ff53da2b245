func.func @f(%x: !stream.fifo<tensor<1x2x4x4xi8>, lanes = 2, depth = 2>)
    -> !stream.fifo<tensor<1x4x4x4xi8>, lanes = 2, depth = 2> {
  %weight = arith.constant dense<5> : tensor<4x2x3x3xi8>
  %bias = arith.constant dense<0> : tensor<4xi8>
  %multiplier = arith.constant dense<1> : tensor<4xi32>
  %w = stream.line_buffer %x {layer = "conv",
      window = #stream.window<kernel = 3, stride = 1, padding = 1>, memory = #stream<memory lutram>}
      : (!stream.fifo<tensor<1x2x4x4xi8>, lanes = 2, depth = 2>)
      -> !stream.windows<tensor<1x2x4x4xi8>, lanes = 2, taps = 3, repeat = 1, depth = 2>
  %y = stream.convolve %w, %weight, %bias, %multiplier {layer = "conv", shift = 8 : i64,
      window = #stream.window<kernel = 3, stride = 1, padding = 1>, accumulator = i15,
      outputs = 4 : i64, packing = #stream.packing<outputs = 2, pixels = 1, chain = 6>,
      memory = #stream<memory lutram>}
      : (!stream.windows<tensor<1x2x4x4xi8>, lanes = 2, taps = 3, repeat = 1, depth = 2>,
         tensor<4x2x3x3xi8>, tensor<4xi8>, tensor<4xi32>)
      -> !stream.fifo<tensor<1x4x4x4xi8>, lanes = 2, depth = 2>
  func.return %y : !stream.fifo<tensor<1x4x4x4xi8>, lanes = 2, depth = 2>
}
