func.func @f(%x: !stream.fifo<tensor<1x6x2x3xi8>, lanes = 4, depth = 2>)
    -> !stream.fifo<tensor<1x6x2x3xi8>, lanes = 2, depth = 2> {
  %y = stream.width_converter %x {layer = "cut"}
      : (!stream.fifo<tensor<1x6x2x3xi8>, lanes = 4, depth = 2>)
      -> !stream.fifo<tensor<1x6x2x3xi8>, lanes = 2, depth = 2>
  func.return %y : !stream.fifo<tensor<1x6x2x3xi8>, lanes = 2, depth = 2>
}
