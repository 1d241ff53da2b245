func.func @f(%x: !stream.fifo<tensor<1x1x3x3xi8>, lanes = 1, depth = 2>)
    -> !stream.fifo<tensor<1x2x6x6xi8>, lanes = 2, depth = 2> {
  %weight = arith.constant dense<3> : tensor<1x2x5x5xi8>
  %bias = arith.constant dense<1> : tensor<2xi8>
  %multiplier = arith.constant dense<1> : tensor<2xi32>
  %w = stream.line_buffer %x {layer = "up",
      window = #stream.window<kernel = 5, stride = 2, padding = 2, transposed>,
      memory = #stream<memory lutram>}
      : (!stream.fifo<tensor<1x1x3x3xi8>, lanes = 1, depth = 2>)
      -> !stream.windows<tensor<1x1x3x3xi8>, lanes = 1, taps = 3, repeat = 1, depth = 2>
  %y = stream.convolve %w, %weight, %bias, %multiplier {layer = "up", shift = 4 : i64,
      window = #stream.window<kernel = 5, stride = 2, padding = 2, transposed>,
      accumulator = i13, outputs = 2 : i64, memory = #stream<memory lutram>}
      : (!stream.windows<tensor<1x1x3x3xi8>, lanes = 1, taps = 3, repeat = 1, depth = 2>,
         tensor<1x2x5x5xi8>, tensor<2xi8>, tensor<2xi32>)
      -> !stream.fifo<tensor<1x2x6x6xi8>, lanes = 2, depth = 2>
  func.return %y : !stream.fifo<tensor<1x2x6x6xi8>, lanes = 2, depth = 2>
}
