func.func @f(%x: !stream.fifo<tensor<1x6x2x2xi12>, lanes = 2, depth = 2>)
    -> !stream.fifo<tensor<1x6x2x2xi8>, lanes = 1, depth = 2> {
  %beta = arith.constant dense<1000> : tensor<6xi48>
  %gamma = arith.constant dense<50> : tensor<6x6xui16>
  %multiplier = arith.constant dense<30000> : tensor<6xi32>
  %y = stream.normalize %x, %beta, %gamma, %multiplier {layer = "gdn", norm = #gdn<norm l2>,
      shift = 20 : i64, outputs = 3 : i64, memory = #stream<memory lutram>}
      : (!stream.fifo<tensor<1x6x2x2xi12>, lanes = 2, depth = 2>, tensor<6xi48>,
         tensor<6x6xui16>, tensor<6xi32>)
      -> !stream.fifo<tensor<1x6x2x2xi8>, lanes = 1, depth = 2>
  func.return %y : !stream.fifo<tensor<1x6x2x2xi8>, lanes = 1, depth = 2>
}
