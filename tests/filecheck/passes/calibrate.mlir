// RUN: licc-opt %s -p 'calibrate{limit=2}' | filecheck %s
// RUN: licc-opt %s -p 'calibrate{limit=0}' --verify-diagnostics | filecheck %s --check-prefix=LIMIT
// RUN: licc-opt %s -p 'calibrate{images="no/such"}' --verify-diagnostics | filecheck %s --check-prefix=FOLDER

// LIMIT: calibrate: limit must be at least 1, found 0
// FOLDER: calibrate: no/such: no such file or folder

// The built-in images hold black and white, so the pixels span 0 to 1.
// CHECK-LABEL: @g_a
func.func @g_a(%x: tensor<1x3x64x64xf32, #quant.uniform<ui8, 0.00392156862745098>>)
    -> tensor<1x1x64x64xf32, #quant.uniform<i16, 1.0>> {
  // Constants have no range.
  // CHECK: arith.constant {{.*}} : tensor<1x3x1x1xf32>
  %w = arith.constant dense<[[[[2.0]], [[0.0]], [[0.0]]]]> : tensor<1x3x1x1xf32>
  %b = arith.constant dense<-1.0> : tensor<1xf32>
  // CHECK: nn.conv2d {{.*}} -> tensor<1x1x64x64xf32, #quant.range<0.000000e+00, 2.000000e+00>>
  %0 = nn.conv2d %x, %w {layer = "g_a.0", stride = 1 : i64, padding = 0 : i64}
      : (tensor<1x3x64x64xf32, #quant.uniform<ui8, 0.00392156862745098>>, tensor<1x3x1x1xf32>)
      -> tensor<1x1x64x64xf32>
  // An earlier range is replaced.
  // CHECK-NEXT: nn.bias {{.*}} -> tensor<1x1x64x64xf32, #quant.range<-1.000000e+00, 1.000000e+00>>
  %1 = nn.bias %0, %b {layer = "g_a.1"} : (tensor<1x1x64x64xf32>, tensor<1xf32>)
      -> tensor<1x1x64x64xf32, #quant.range<0.0, 0.5>>
  // What has a format keeps it.
  // CHECK-NEXT: nn.leaky_relu {{.*}} -> tensor<1x1x64x64xf32, #quant.uniform<i16, 1.000000e+00>>
  %2 = nn.leaky_relu %1 {layer = "g_a.2", slope = 0.5 : f64}
      : (tensor<1x1x64x64xf32, #quant.range<0.0, 0.5>>)
      -> tensor<1x1x64x64xf32, #quant.uniform<i16, 1.0>>
  func.return %2 : tensor<1x1x64x64xf32, #quant.uniform<i16, 1.0>>
}

// The latent is rounded on its way: the synthesis transform is given whole numbers.
// CHECK-LABEL: @g_s
func.func @g_s(%x: tensor<1x1x64x64xf32, #quant.uniform<i16, 1.0>>)
    -> tensor<1x1x64x64xf32, #quant.uniform<ui8, 0.00392156862745098>> {
  // CHECK: nn.abs {{.*}} -> tensor<1x1x64x64xf32, #quant.range<0.000000e+00, 1.000000e+00>>
  %0 = nn.abs %x {layer = "g_s.0"} : (tensor<1x1x64x64xf32, #quant.uniform<i16, 1.0>>)
      -> tensor<1x1x64x64xf32>
  %1 = nn.relu %0 {layer = "g_s.1"} : (tensor<1x1x64x64xf32>)
      -> tensor<1x1x64x64xf32, #quant.uniform<ui8, 0.00392156862745098>>
  func.return %1 : tensor<1x1x64x64xf32, #quant.uniform<ui8, 0.00392156862745098>>
}
