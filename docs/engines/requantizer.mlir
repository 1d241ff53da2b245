func.func @f(%x: !stream.fifo<tensor<1x4x1x3xi20>, lanes = 2, depth = 2>)
    -> !stream.fifo<tensor<1x4x1x3xi8>, lanes = 2, depth = 2> {
  %bias = arith.constant dense<24> : tensor<4xi8>
  %multiplier = arith.constant dense<3> : tensor<4xi32>
  %y = stream.requantize %x, %bias, %multiplier {layer = "scale", shift = 5 : i64}
      : (!stream.fifo<tensor<1x4x1x3xi20>, lanes = 2, depth = 2>, tensor<4xi8>, tensor<4xi32>)
      -> !stream.fifo<tensor<1x4x1x3xi8>, lanes = 2, depth = 2>
  func.return %y : !stream.fifo<tensor<1x4x1x3xi8>, lanes = 2, depth = 2>
}
