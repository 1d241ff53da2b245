func.func @f(%x: !stream.fifo<tensor<1x1x6x6xi8>, lanes = 1, depth = 2>)
    -> !stream.fifo<tensor<1x1x3x3xi8>, lanes = 1, depth = 2> {
  %weight = arith.constant dense<1> : tensor<1x1x3x3xi8>
  %bias = arith.constant dense<1> : tensor<1xi8>
  %multiplier = arith.constant dense<1> : tensor<1xi32>
  %w = stream.line_buffer %x {layer = "conv",
      window = #stream.window<kernel = 3, stride = 2, padding = 1>, memory = #stream<memory lutram>}
      : (!stream.fifo<tensor<1x1x6x6xi8>, lanes = 1, depth = 2>)
      -> !stream.windows<tensor<1x1x6x6xi8>, lanes = 1, taps = 3, repeat = 1, depth = 2>
  %y = stream.convolve %w, %weight, %bias, %multiplier {layer = "conv", shift = 4 : i64,
      window = #stream.window<kernel = 3, stride = 2, padding = 1>, accumulator = i12}
      : (!stream.windows<tensor<1x1x6x6xi8>, lanes = 1, taps = 3, repeat = 1, depth = 2>,
         tensor<1x1x3x3xi8>, tensor<1xi8>, tensor<1xi32>)
      -> !stream.fifo<tensor<1x1x3x3xi8>, lanes = 1, depth = 2>
  func.return %y : !stream.fifo<tensor<1x1x3x3xi8>, lanes = 1, depth = 2>
}
