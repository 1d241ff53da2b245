// RUN: licc-opt %s -p lower-to-stream | filecheck %s

// CHECK-LABEL: @g_a(%x: !stream.fifo<tensor<1x3x4x4xui8, #quant.scale<5.000000e-01>>, lanes = 1, depth = 2>) -> !stream.fifo<tensor<1x4x2x2xi8, #quant.scale<5.000000e-01>>, lanes = 1, depth = 2>
func.func @g_a(%x: tensor<1x3x4x4xui8, #quant.scale<0.5>>)
    -> tensor<1x4x2x2xi8, #quant.scale<0.5>> {
  %w = arith.constant dense<1> : tensor<4x3x3x3xi8>
  %v = arith.constant dense<1> : tensor<4xi32>
  %beta = arith.constant dense<1> : tensor<4xi64>
  %gamma = arith.constant dense<1> : tensor<4x4xui16>
  // One product a cycle: a window goes through the engine once for each of its four outputs.
  // CHECK: %[[WINDOWS:[0-9]+]] = stream.line_buffer %x {layer = "g_a.0", window = #stream.window<kernel = 3, stride = 2, padding = 1>} {{.*}} -> !stream.windows<tensor<1x3x4x4xui8, #quant.scale<5.000000e-01>>, lanes = 1, taps = 1, repeat = 4, depth = 2>
  // CHECK-NEXT: %[[SUM:[0-9]+]] = stream.mac %[[WINDOWS]], %w {layer = "g_a.0", window = #stream.window<kernel = 3, stride = 2, padding = 1>} {{.*}} -> !stream.fifo<tensor<1x4x2x2xi17>, lanes = 1, depth = 2>
  %0 = nn.conv2d %x, %w {layer = "g_a.0", stride = 2 : i64, padding = 1 : i64}
      : (tensor<1x3x4x4xui8, #quant.scale<0.5>>, tensor<4x3x3x3xi8>) -> tensor<1x4x2x2xi17>
  // CHECK-NEXT: stream.requantize %[[SUM]], %v, %v, %v {layer = "g_a.0", shift = 3 : i64} {{.*}} -> !stream.fifo<tensor<1x4x2x2xi12, #quant.scale<5.000000e-01>>, lanes = 1, depth = 2>
  %1 = quant.requantize %0, %v, %v, negative %v {layer = "g_a.0", shift = 3 : i64}
      : (tensor<1x4x2x2xi17>, tensor<4xi32>, tensor<4xi32>, tensor<4xi32>)
      -> tensor<1x4x2x2xi12, #quant.scale<0.5>>
  // CHECK-NEXT: stream.normalize {{.*}}, %beta, %gamma, %v {layer = "g_a.1", norm = #gdn<norm l1>, inverse = true, shift = 7 : i64}
  %2 = gdn.core %1, %beta, %gamma, %v
      {layer = "g_a.1", norm = #gdn<norm l1>, inverse = true, shift = 7 : i64}
      : (tensor<1x4x2x2xi12, #quant.scale<0.5>>, tensor<4xi64>, tensor<4x4xui16>, tensor<4xi32>)
      -> tensor<1x4x2x2xi8, #quant.scale<0.5>>
  // CHECK-NEXT: func.return
  func.return %2 : tensor<1x4x2x2xi8, #quant.scale<0.5>>
}

// A transposed convolution, and an argument with three readers.
// CHECK-LABEL: @g_s
func.func @g_s(%x: tensor<1x3x4x4xi8>) -> (tensor<1x2x8x8xi11>, tensor<1x3x4x4xi9>) {
  // CHECK-NEXT: %[[A:[0-9]+]], %[[B:[0-9]+]] = stream.fork %x {layer = "{{.*}}"}
  // CHECK-NEXT: %[[C:[0-9]+]], %[[D:[0-9]+]] = stream.fork %[[B]]
  %w = arith.constant dense<1> : tensor<3x2x2x2xi2>
  %v = arith.constant dense<1> : tensor<3xi32>
  // CHECK: stream.line_buffer %[[READ0:[0-9]+]] {layer = "g_s.0", window = #stream.window<kernel = 2, stride = 2, padding = 0, transposed>} {{.*}} repeat = 2, depth = 2>
  // CHECK-NEXT: stream.mac {{.*}} -> !stream.fifo<tensor<1x2x8x8xi11>, lanes = 1, depth = 2>
  %0 = nn.conv_transpose2d %x, %w {layer = "g_s.0", stride = 2 : i64, padding = 0 : i64}
      : (tensor<1x3x4x4xi8>, tensor<3x2x2x2xi2>) -> tensor<1x2x8x8xi11>
  // CHECK-NEXT: stream.offset %[[READ1:[0-9]+]], %v {layer = "g_s.median", shift = 0 : i64} {{.*}} -> !stream.fifo<tensor<1x3x4x4xi8>, lanes = 1, depth = 2>
  %1 = quant.offset %x, %v {layer = "g_s.median", shift = 0 : i64}
      : (tensor<1x3x4x4xi8>, tensor<3xi32>) -> tensor<1x3x4x4xi8>
  // CHECK-NEXT: stream.abs %[[READ2:[0-9]+]] {layer = "g_s.abs"} {{.*}} -> !stream.fifo<tensor<1x3x4x4xui8>, lanes = 1, depth = 2>
  %2 = nn.abs %x {layer = "g_s.abs"} : (tensor<1x3x4x4xi8>) -> tensor<1x3x4x4xui8>
  // CHECK-NEXT: stream.add {{.*}} {layer = "g_s.add"} {{.*}} -> !stream.fifo<tensor<1x3x4x4xi9>, lanes = 1, depth = 2>
  %3 = nn.add %1, %2 {layer = "g_s.add"}
      : (tensor<1x3x4x4xi8>, tensor<1x3x4x4xui8>) -> tensor<1x3x4x4xi9>
  func.return %0, %3 : tensor<1x2x8x8xi11>, tensor<1x3x4x4xi9>
}

// An op that reads one value twice reads two copies.
// CHECK-LABEL: @h_a
func.func @h_a(%x: tensor<1x3x4x4xi8>) -> tensor<1x3x4x4xi9> {
  // CHECK-NEXT: %[[Y:[0-9]+]] = stream.abs %x
  %0 = nn.abs %x {layer = "h_a.abs"} : (tensor<1x3x4x4xi8>) -> tensor<1x3x4x4xi8>
  // CHECK-NEXT: %[[E:[0-9]+]], %[[F:[0-9]+]] = stream.fork %[[Y]] {layer = "h_a.abs"}
  // CHECK-NEXT: stream.add %[[F]], %[[E]] {layer = "h_a.add"}
  %1 = nn.add %0, %0 {layer = "h_a.add"}
      : (tensor<1x3x4x4xi8>, tensor<1x3x4x4xi8>) -> tensor<1x3x4x4xi9>
  func.return %1 : tensor<1x3x4x4xi9>
}

// A constant is no stream.
// CHECK-LABEL: @constant
// CHECK-NEXT: arith.constant dense<1> : tensor<3xi8>
// CHECK-NEXT: func.return
func.func @constant() -> tensor<3xi8> {
  %0 = arith.constant dense<1> : tensor<3xi8>
  func.return %0 : tensor<3xi8>
}
