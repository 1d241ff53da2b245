// RUN: licc-opt %s --split-input-file -p calibrate --verify-diagnostics | filecheck %s

// A decoder alone is given symbols from a Laplace distribution: whole numbers of both signs.
// CHECK-LABEL: @g_s
func.func @g_s(%x: tensor<1x2x4x4xf32, #quant.uniform<i16, 1.0>>)
    -> tensor<1x2x4x4xf32, #quant.uniform<i16, 1.0>> {
  %b = arith.constant dense<0.0> : tensor<2xf32>
  // CHECK: nn.bias {{.*}}#quant.range<-{{[0-9]}}.{{[0-9]}}00000e+01, {{[0-9]}}.{{[0-9]}}00000e+01>>
  %0 = nn.bias %x, %b {layer = "g_s.0"}
      : (tensor<1x2x4x4xf32, #quant.uniform<i16, 1.0>>, tensor<2xf32>) -> tensor<1x2x4x4xf32>
  %1 = nn.bias %0, %b {layer = "g_s.1"} : (tensor<1x2x4x4xf32>, tensor<2xf32>)
      -> tensor<1x2x4x4xf32, #quant.uniform<i16, 1.0>>
  func.return %1 : tensor<1x2x4x4xf32, #quant.uniform<i16, 1.0>>
}

// -----
// CHECK: calibrate: the module has neither @g_a nor @g_s
builtin.module {}
