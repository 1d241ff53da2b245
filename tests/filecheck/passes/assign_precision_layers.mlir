// RUN: licc-opt %s -p 'assign-precision{layers="g_a.0=w9, g_a.1=a10, g_a.2=w4a14"}' | filecheck %s
// RUN: licc-opt %s -p 'assign-precision{layers="g_a.9=w9"}' --verify-diagnostics | filecheck %s --check-prefix=UNKNOWN
// RUN: licc-opt %s -p 'assign-precision{layers="g_a.0=a9"}' --verify-diagnostics | filecheck %s --check-prefix=WIRE
// RUN: licc-opt %s -p 'assign-precision{layers="g_a.3=w9"}' --verify-diagnostics | filecheck %s --check-prefix=NO-WEIGHTS
// RUN: licc-opt %s -p 'assign-precision{layers="g_a.1=a17"}' --verify-diagnostics | filecheck %s --check-prefix=RANGE
// RUN: licc-opt %s -p 'assign-precision{layers="g_a.1=9"}' --verify-diagnostics | filecheck %s --check-prefix=TEXT
// RUN: licc-opt %s -p 'assign-precision{layers="g_a.1=a9,g_a.1=a8"}' --verify-diagnostics | filecheck %s --check-prefix=TWICE

// UNKNOWN: assign-precision: g_a.9 has no weights whose bits are to be chosen; these have: g_a.0, g_a.2, g_a.4
// WIRE: assign-precision: g_a.0 has no activations whose bits are to be chosen; these have: g_a.1, g_a.2, g_a.3
// NO-WEIGHTS: assign-precision: g_a.3 has no weights whose bits are to be chosen; these have: g_a.0, g_a.2, g_a.4
// RANGE: assign-precision: g_a.1: activations must be in 4..16, found 17
// TEXT: assign-precision: bits of a layer must be like g_a.0=w9, g_a.1=a10 or h_a.2=w8a10, found g_a.1=9
// TWICE: assign-precision: bits of g_a.1 are given twice

// The convolution's own result exists only inside its requantiser: the activation's is stored.
// CHECK-LABEL: @g_a
func.func @g_a(%x: tensor<1x1x4x4xf32, #quant.uniform<ui8, 0.5>>)
    -> tensor<1x1x4x4xf32, #quant.uniform<i16, 1.0>> {
  %w = arith.constant dense<1.0> : tensor<1x1x1x1xf32>
  %b = arith.constant dense<1.0> : tensor<1xf32>
  %g = arith.constant dense<1.0> : tensor<1x1xf32>
  // CHECK: nn.conv2d {{.*}} weight_bits = 9 : i64
  %0 = nn.conv2d %x, %w {layer = "g_a.0", stride = 1 : i64, padding = 0 : i64}
      : (tensor<1x1x4x4xf32, #quant.uniform<ui8, 0.5>>, tensor<1x1x1x1xf32>)
      -> tensor<1x1x4x4xf32, #quant.range<-2.0, 3.0>>
  // CHECK-NEXT: nn.leaky_relu {{.*}} -> tensor<1x1x4x4xf32, #quant.uniform<i10, 7.812500e-03>>
  %1 = nn.leaky_relu %0 {layer = "g_a.1", slope = 0.25 : f64}
      : (tensor<1x1x4x4xf32, #quant.range<-2.0, 3.0>>)
      -> tensor<1x1x4x4xf32, #quant.range<-4.0, 2.0>>
  // Without a word of it, the input of a GDN would get 12 bits.
  // CHECK-NEXT: nn.conv2d {{.*}} weight_bits = 4 : i64{{.*}} -> tensor<1x1x4x4xf32, #quant.uniform<i14, 2.500000e-01>>
  %2 = nn.conv2d %1, %w {layer = "g_a.2", stride = 1 : i64, padding = 0 : i64}
      : (tensor<1x1x4x4xf32, #quant.range<-4.0, 2.0>>, tensor<1x1x1x1xf32>)
      -> tensor<1x1x4x4xf32, #quant.range<-2048.0, 0.0>>
  // CHECK-NEXT: gdn.normalize {{.*}} -> tensor<1x1x4x4xf32, #quant.uniform<i8, 7.812500e-03>>
  %3 = gdn.normalize %2, %b, %g {layer = "g_a.3", norm = #gdn<norm l2>}
      : (tensor<1x1x4x4xf32, #quant.range<-2048.0, 0.0>>, tensor<1xf32>, tensor<1x1xf32>)
      -> tensor<1x1x4x4xf32, #quant.range<-1.0, 0.5>>
  // A symbol's format is the codec's.
  %4 = nn.conv2d %3, %w {layer = "g_a.4", stride = 1 : i64, padding = 0 : i64}
      : (tensor<1x1x4x4xf32, #quant.range<-1.0, 0.5>>, tensor<1x1x1x1xf32>)
      -> tensor<1x1x4x4xf32, #quant.uniform<i16, 1.0>>
  func.return %4 : tensor<1x1x4x4xf32, #quant.uniform<i16, 1.0>>
}
