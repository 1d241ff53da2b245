// RUN: licc-opt %s -p assign-precision | filecheck %s
// RUN: licc-opt %s -p 'assign-precision{weights=6 activations=10 normalization=16}' | filecheck %s --check-prefix=WIDE
// RUN: licc-opt %s -p 'assign-precision{activations=14}' | filecheck %s --check-prefix=FOLLOWS

// Values behind a convolution that only its requantiser sees keep their ranges; what is stored gets
// the scale that just holds its range: unsigned where nothing is negative.
// CHECK-LABEL: @g_a
// WIDE-LABEL: @g_a
// FOLLOWS-LABEL: @g_a
func.func @g_a(%x: tensor<1x1x4x4xf32, #quant.uniform<ui8, 0.5>>)
    -> tensor<1x1x4x4xf32, #quant.uniform<i16, 1.0>> {
  %w = arith.constant dense<1.0> : tensor<1x1x1x1xf32>
  %b = arith.constant dense<1.0> : tensor<1xf32>
  %g = arith.constant dense<1.0> : tensor<1x1xf32>
  // CHECK: nn.conv2d {{.*}} weight_bits = 8 : i64{{.*}} -> tensor<1x1x4x4xf32, #quant.range<-2.000000e+00, 3.000000e+00>>
  // WIDE: nn.conv2d {{.*}} weight_bits = 6 : i64
  %0 = nn.conv2d %x, %w {layer = "g_a.0", stride = 1 : i64, padding = 0 : i64}
      : (tensor<1x1x4x4xf32, #quant.uniform<ui8, 0.5>>, tensor<1x1x1x1xf32>)
      -> tensor<1x1x4x4xf32, #quant.range<-2.0, 3.0>>
  // CHECK-NEXT: nn.bias {{.*}} -> tensor<1x1x4x4xf32, #quant.range<-1.000000e+00, 4.000000e+00>>
  %1 = nn.bias %0, %b {layer = "g_a.0"}
      : (tensor<1x1x4x4xf32, #quant.range<-2.0, 3.0>>, tensor<1xf32>)
      -> tensor<1x1x4x4xf32, #quant.range<-1.0, 4.0>>
  // CHECK-NEXT: nn.leaky_relu {{.*}} -> tensor<1x1x4x4xf32, #quant.uniform<i8, 3.125000e-02>>
  // WIDE: nn.leaky_relu {{.*}} -> tensor<1x1x4x4xf32, #quant.uniform<i10, 7.812500e-03>>
  %2 = nn.leaky_relu %1 {layer = "g_a.1", slope = 0.25 : f64}
      : (tensor<1x1x4x4xf32, #quant.range<-1.0, 4.0>>)
      -> tensor<1x1x4x4xf32, #quant.range<-4.0, 2.0>>
  // CHECK-NEXT: nn.conv2d {{.*}} -> tensor<1x1x4x4xf32, #quant.uniform<i12, 1.000000e+00>>
  // WIDE-NEXT: nn.conv2d {{.*}} -> tensor<1x1x4x4xf32, #quant.uniform<i16, 6.250000e-02>>
  // FOLLOWS: nn.conv2d {{.*}} -> tensor<1x1x4x4xf32, #quant.uniform<i14, 2.500000e-01>>
  %3 = nn.conv2d %2, %w {layer = "g_a.2", stride = 1 : i64, padding = 0 : i64}
      : (tensor<1x1x4x4xf32, #quant.range<-4.0, 2.0>>, tensor<1x1x1x1xf32>)
      -> tensor<1x1x4x4xf32, #quant.range<-2048.0, 0.0>>
  // CHECK-NEXT: gdn.normalize {{.*}} -> tensor<1x1x4x4xf32, #quant.uniform<ui8, 2.500000e-01>>
  %4 = gdn.normalize %3, %b, %g {layer = "g_a.3", norm = #gdn<norm l2>}
      : (tensor<1x1x4x4xf32, #quant.range<-2048.0, 0.0>>, tensor<1xf32>, tensor<1x1xf32>)
      -> tensor<1x1x4x4xf32, #quant.range<0.0, 63.75>>
  // The range is a single zero.
  // CHECK-NEXT: nn.add {{.*}} -> tensor<1x1x4x4xf32, #quant.uniform<ui8, 1.000000e+00>>
  %5 = nn.add %4, %4 {layer = "g_a.add"}
      : (tensor<1x1x4x4xf32, #quant.range<0.0, 63.75>>, tensor<1x1x4x4xf32, #quant.range<0.0, 63.75>>)
      -> tensor<1x1x4x4xf32, #quant.range<0.0, 0.0>>
  // The codec's interface keeps its format.
  // CHECK-NEXT: nn.conv2d {{.*}} -> tensor<1x1x4x4xf32, #quant.uniform<i16, 1.000000e+00>>
  %6 = nn.conv2d %5, %w {layer = "g_a.4", stride = 1 : i64, padding = 0 : i64}
      : (tensor<1x1x4x4xf32, #quant.range<0.0, 0.0>>, tensor<1x1x1x1xf32>)
      -> tensor<1x1x4x4xf32, #quant.uniform<i16, 1.0>>
  func.return %6 : tensor<1x1x4x4xf32, #quant.uniform<i16, 1.0>>
}

// A magnitude keeps the scale of its input; a symbol with its median gets a fraction, unless its
// input is finer already.
// CHECK-LABEL: @h_a
func.func @h_a(%x: tensor<1x1x4x4xf32, #quant.uniform<i16, 0.015625>>,
    %y: tensor<1x1x4x4xf32, #quant.uniform<i16, 1.0>>,
    %z: tensor<1x1x4x4xf32, #quant.uniform<i16, 0.001>>) {
  %b = arith.constant dense<1.0> : tensor<1xf32>
  // CHECK: nn.abs {{.*}} -> tensor<1x1x4x4xf32, #quant.uniform<ui16, 1.562500e-02>>
  %0 = nn.abs %x {layer = "h_a.abs"}
      : (tensor<1x1x4x4xf32, #quant.uniform<i16, 0.015625>>) -> tensor<1x1x4x4xf32>
  // CHECK-NEXT: nn.bias {{.*}} -> tensor<1x1x4x4xf32, #quant.uniform<i16, 1.562500e-02>>
  %1 = nn.bias %y, %b {layer = "h_s.median"}
      : (tensor<1x1x4x4xf32, #quant.uniform<i16, 1.0>>, tensor<1xf32>) -> tensor<1x1x4x4xf32>
  // CHECK-NEXT: nn.bias {{.*}} -> tensor<1x1x4x4xf32, #quant.uniform<i16, 1.000000e-03>>
  %2 = nn.bias %z, %b {layer = "h_s.median"}
      : (tensor<1x1x4x4xf32, #quant.uniform<i16, 0.001>>, tensor<1xf32>) -> tensor<1x1x4x4xf32>
  func.return
}
