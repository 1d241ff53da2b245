// RUN: licc-opt %s -p quantize | filecheck %s

// The largest weight of the channel, -2, becomes -127, so a step of the sums is worth 2/127 · 0.5:
// the two offsets of 4 become 1016 steps, and 2^22 times a step, in steps of the result, is 66052.
// Convolution, offset and activation end in one requantiser.
// CHECK-LABEL: @g_a(%x: tensor<1x3x4x4xui8, #quant.scale<5.000000e-01>>) -> tensor<1x1x4x4xi16, #quant.scale<1.000000e+00>>
func.func @g_a(%x: tensor<1x3x4x4xf32, #quant.uniform<ui8, 0.5>>)
    -> tensor<1x1x4x4xf32, #quant.uniform<i16, 1.0>> {
  // CHECK-NEXT: %[[W:[0-9]+]] = arith.constant dense<{{\[\[\[\[64\]\], \[\[-127\]\], \[\[32\]\]\]\]}}> : tensor<1x3x1x1xi8>
  // CHECK-NEXT: %[[SUM:[0-9]+]] = nn.conv2d %x, %[[W]] {stride = 1 : i64, padding = 0 : i64, layer = "g_a.0"} : (tensor<1x3x4x4xui8, #quant.scale<5.000000e-01>>, tensor<1x3x1x1xi8>) -> tensor<1x1x4x4xi16>
  // CHECK-NEXT: arith.constant dense<1016> : tensor<1xi11>
  // CHECK-NEXT: arith.constant dense<66052> : tensor<1xi32>
  // CHECK-NEXT: arith.constant dense<16513> : tensor<1xi32>
  // CHECK-NEXT: quant.requantize %[[SUM]], {{.*}}, negative {{.*}} {shift = 22 : i64, layer = "g_a.0"} {{.*}} -> tensor<1x1x4x4xi8, #quant.scale<5.000000e-01>>
  %w = arith.constant dense<[[[[1.0]], [[-2.0]], [[0.5]]]]> : tensor<1x3x1x1xf32>
  %b = arith.constant dense<4.0> : tensor<1xf32>
  %0 = nn.conv2d %x, %w, bias %b {layer = "g_a.0", stride = 1 : i64, padding = 0 : i64,
      weight_bits = 8 : i64}
      : (tensor<1x3x4x4xf32, #quant.uniform<ui8, 0.5>>, tensor<1x3x1x1xf32>, tensor<1xf32>)
      -> tensor<1x1x4x4xf32>
  %1 = nn.bias %0, %b {layer = "g_a.1"} : (tensor<1x1x4x4xf32>, tensor<1xf32>) -> tensor<1x1x4x4xf32>
  %2 = nn.leaky_relu %1 {layer = "g_a.2", slope = 0.25 : f64} : (tensor<1x1x4x4xf32>)
      -> tensor<1x1x4x4xf32, #quant.uniform<i8, 0.5>>
  // Gamma fills 16 bits; beta has its scale, where a step of the input is worth 0.5.
  // CHECK-NEXT: arith.constant dense<262140> : tensor<1xi64>
  // CHECK-NEXT: arith.constant dense<65535> : tensor<1x1xui16>
  // CHECK-NEXT: arith.constant dense<131070> : tensor<1xi32>
  // CHECK-NEXT: gdn.core {{.*}} {norm = #gdn<norm l1>, shift = 17 : i64, layer = "g_a.3"} {{.*}} -> tensor<1x1x4x4xi8, #quant.scale<2.000000e+00>>
  %beta = arith.constant dense<1.0> : tensor<1xf32>
  %gamma = arith.constant dense<0.5> : tensor<1x1xf32>
  %3 = gdn.normalize %2, %beta, %gamma {layer = "g_a.3", norm = #gdn<norm l1>}
      : (tensor<1x1x4x4xf32, #quant.uniform<i8, 0.5>>, tensor<1xf32>, tensor<1x1xf32>)
      -> tensor<1x1x4x4xf32, #quant.uniform<i8, 2.0>>
  // Activations that no convolution precedes are requantisers of their own.
  // CHECK-NEXT: arith.constant dense<0> : tensor<1xi2>
  // CHECK-NEXT: arith.constant dense<65536> : tensor<1xi32>
  // CHECK-NEXT: arith.constant dense<32768> : tensor<1xi32>
  // CHECK-NEXT: quant.requantize {{.*}}, negative {{.*}} {shift = 14 : i64, layer = "g_a.4"} {{.*}} -> tensor<1x1x4x4xui8, #quant.scale<5.000000e-01>>
  %4 = nn.leaky_relu %3 {layer = "g_a.4", slope = 0.5 : f64}
      : (tensor<1x1x4x4xf32, #quant.uniform<i8, 2.0>>)
      -> tensor<1x1x4x4xf32, #quant.uniform<ui8, 0.5>>
  // CHECK-NEXT: arith.constant dense<0> : tensor<1xi2>
  // CHECK-NEXT: arith.constant dense<65536> : tensor<1xi32>
  // CHECK-NEXT: arith.constant dense<0> : tensor<1xi32>
  // CHECK-NEXT: quant.requantize {{.*}}, negative {{.*}} {shift = 17 : i64, layer = "g_a.5"} {{.*}} -> tensor<1x1x4x4xi16, #quant.scale<1.000000e+00>>
  %5 = nn.relu %4 {layer = "g_a.5"}
      : (tensor<1x1x4x4xf32, #quant.uniform<ui8, 0.5>>)
      -> tensor<1x1x4x4xf32, #quant.uniform<i16, 1.0>>
  func.return %5 : tensor<1x1x4x4xf32, #quant.uniform<i16, 1.0>>
}

// CHECK-LABEL: @g_s
func.func @g_s(%x: tensor<1x1x4x4xf32, #quant.uniform<i16, 1.0>>)
    -> tensor<1x2x8x8xf32, #quant.uniform<ui8, 0.5>> {
  // CHECK-NEXT: %[[M:[0-9]+]] = arith.constant dense<-16> : tensor<1xi5>
  // CHECK-NEXT: quant.offset %x, %[[M]] {shift = 6 : i64, layer = "g_s.median"} {{.*}} -> tensor<1x1x4x4xi16, #quant.scale<1.562500e-02>>
  // A channel of zeros keeps a multiplier of its own; one tap a phase needs 19 bits.
  // CHECK-NEXT: arith.constant dense<{{\[\[\[\[7, 7\], \[7, 7\]\], \[\[0, 0\], \[0, 0\]\]\]\]}}> : tensor<1x2x2x2xi4>
  // CHECK-NEXT: nn.conv_transpose2d {{.*}} -> tensor<1x2x8x8xi19>
  // CHECK-NEXT: arith.constant dense<0> : tensor<2xi2>
  // CHECK-NEXT: arith.constant dense<[9362, 65536]> : tensor<2xi32>
  // CHECK-NEXT: quant.requantize {{.*}} {shift = 21 : i64, layer = "g_s.0"} {{.*}} -> tensor<1x2x8x8xi12, #quant.scale<5.000000e-01>>
  // Without gamma, beta fills its 47 bits.
  // CHECK-NEXT: arith.constant dense<140737488355327> : tensor<2xi64>
  // CHECK-NEXT: arith.constant dense<0> : tensor<2x2xui16>
  // CHECK-NEXT: arith.constant dense<92682> : tensor<2xi32>
  // CHECK-NEXT: gdn.core {{.*}} {norm = #gdn<norm l2>, inverse = true, shift = 56 : i64, layer = "g_s.1"}
  // CHECK-NEXT: nn.abs {{.*}} -> tensor<1x2x8x8xui8, #quant.scale<5.000000e-01>>
  // Both sides of a sum get four bits more.
  // CHECK: quant.requantize {{.*}} {shift = 12 : i64, layer = "g_s.add"} {{.*}} -> tensor<1x2x8x8xi13, #quant.scale<3.125000e-02>>
  // CHECK: quant.requantize {{.*}} {shift = 12 : i64, layer = "g_s.add"} {{.*}} -> tensor<1x2x8x8xi13, #quant.scale<3.125000e-02>>
  // CHECK-NEXT: nn.add {{.*}} -> tensor<1x2x8x8xi14, #quant.scale<3.125000e-02>>
  // CHECK: quant.requantize {{.*}} {shift = 20 : i64, layer = "g_s.add"} {{.*}} -> tensor<1x2x8x8xui8, #quant.scale<5.000000e-01>>
  // CHECK-NEXT: func.return
  %m = arith.constant dense<-0.25> : tensor<1xf32>
  %w = arith.constant dense<[[[[1.0, 1.0], [1.0, 1.0]], [[0.0, 0.0], [0.0, 0.0]]]]> : tensor<1x2x2x2xf32>
  %beta = arith.constant dense<1.0> : tensor<2xf32>
  %gamma = arith.constant dense<0.0> : tensor<2x2xf32>
  %0 = nn.bias %x, %m {layer = "g_s.median"}
      : (tensor<1x1x4x4xf32, #quant.uniform<i16, 1.0>>, tensor<1xf32>)
      -> tensor<1x1x4x4xf32, #quant.uniform<i16, 0.015625>>
  %1 = nn.conv_transpose2d %0, %w {layer = "g_s.0", stride = 2 : i64, padding = 0 : i64,
      weight_bits = 4 : i64}
      : (tensor<1x1x4x4xf32, #quant.uniform<i16, 0.015625>>, tensor<1x2x2x2xf32>)
      -> tensor<1x2x8x8xf32, #quant.uniform<i12, 0.5>>
  %2 = gdn.normalize %1, %beta, %gamma {layer = "g_s.1", norm = #gdn<norm l2>, inverse = true}
      : (tensor<1x2x8x8xf32, #quant.uniform<i12, 0.5>>, tensor<2xf32>, tensor<2x2xf32>)
      -> tensor<1x2x8x8xf32, #quant.uniform<i8, 0.5>>
  %3 = nn.abs %2 {layer = "g_s.2"} : (tensor<1x2x8x8xf32, #quant.uniform<i8, 0.5>>)
      -> tensor<1x2x8x8xf32, #quant.uniform<ui8, 0.5>>
  %4 = nn.add %3, %2 {layer = "g_s.add"}
      : (tensor<1x2x8x8xf32, #quant.uniform<ui8, 0.5>>, tensor<1x2x8x8xf32, #quant.uniform<i8, 0.5>>)
      -> tensor<1x2x8x8xf32, #quant.uniform<ui8, 0.5>>
  func.return %4 : tensor<1x2x8x8xf32, #quant.uniform<ui8, 0.5>>
}

// An integer function stays as it is.
// CHECK-LABEL: @h_a
// CHECK-NEXT: nn.abs %x {layer = "h_a.abs"} : (tensor<1x1x4x4xi16, #quant.scale<5.000000e-01>>) -> tensor<1x1x4x4xui16, #quant.scale<5.000000e-01>>
// CHECK-NEXT: func.return
func.func @h_a(%x: tensor<1x1x4x4xi16, #quant.scale<0.5>>) -> tensor<1x1x4x4xui16, #quant.scale<0.5>> {
  %0 = nn.abs %x {layer = "h_a.abs"} : (tensor<1x1x4x4xi16, #quant.scale<0.5>>)
      -> tensor<1x1x4x4xui16, #quant.scale<0.5>>
  func.return %0 : tensor<1x1x4x4xui16, #quant.scale<0.5>>
}
