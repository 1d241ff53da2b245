// RUN: licc-opt %s -p prune-channels | filecheck %s
// RUN: licc-opt %s -p 'prune-channels{threshold=2.5}' | filecheck %s --check-prefix=THRESHOLD
// RUN: licc-opt %s -p 'prune-channels{threshold=-1.0}' --verify-diagnostics | filecheck %s --check-prefix=NEGATIVE
// RUN: licc-opt %s -p 'prune-channels{threshold=9.0}' --verify-diagnostics | filecheck %s --check-prefix=ALL

// NEGATIVE: prune-channels: threshold must not be negative, found -1.0
// ALL: prune-channels: threshold 9.0 would remove every channel of g_a.0; the strongest has norm 7

// Of the channels of g_a.0, the first is always 0, the third is read by nothing but its own norm,
// the fourth has an offset alone and is read by the norm of the second.
// CHECK-LABEL: @g_a
// THRESHOLD-LABEL: @g_a
func.func @g_a(%x: tensor<1x1x4x4xf32>) -> tensor<1x2x4x4xf32> {
  // CHECK-NEXT: arith.constant dense<{{\[\[\[\[2.000000e\+00\]\]\], \[\[\[0.000000e\+00\]\]\], \[\[\[7.000000e\+00\]\]\]\]}}> : tensor<3x1x1x1xf32>
  // CHECK-NEXT: arith.constant dense<[1.000000e+00, 1.500000e+00, 0.000000e+00]> : tensor<3xf32>
  // CHECK-NEXT: nn.conv2d {{.*}} -> tensor<1x3x4x4xf32>
  // THRESHOLD: nn.conv2d {{.*}}layer = "g_a.0"{{.*}} -> tensor<1x1x4x4xf32>
  %w = arith.constant dense<[[[[0.0]]], [[[2.0]]], [[[1.0]]], [[[0.0]]], [[[7.0]]]]> : tensor<5x1x1x1xf32>
  %b = arith.constant dense<[0.0, 1.0, 1.0, 1.5, 0.0]> : tensor<5xf32>
  %0 = nn.conv2d %x, %w, bias %b {layer = "g_a.0", stride = 1 : i64, padding = 0 : i64}
      : (tensor<1x1x4x4xf32>, tensor<5x1x1x1xf32>, tensor<5xf32>) -> tensor<1x5x4x4xf32>
  // CHECK-NEXT: arith.constant dense<[2.000000e+00, 4.000000e+00, 5.000000e+00]> : tensor<3xf32>
  // CHECK-NEXT: arith.constant dense<{{\[\[1.000000e\+00, 5.000000e-01, 0.000000e\+00\], \[0.000000e\+00, 1.000000e\+00, 0.000000e\+00\], \[0.000000e\+00, 0.000000e\+00, 1.000000e\+00\]\]}}> : tensor<3x3xf32>
  // CHECK-NEXT: gdn.normalize {{.*}} -> tensor<1x3x4x4xf32, #quant.range<-1.000000e+00, 1.000000e+00>>
  %beta = arith.constant dense<[1.0, 2.0, 3.0, 4.0, 5.0]> : tensor<5xf32>
  %gamma = arith.constant dense<[[1.0, 0.0, 0.0, 0.0, 0.0],
      [0.0, 1.0, 0.0, 0.5, 0.0], [0.0, 0.0, 1.0, 0.0, 0.0], [0.0, 0.0, 0.0, 1.0, 0.0],
      [0.0, 0.0, 0.0, 0.0, 1.0]]> : tensor<5x5xf32>
  %1 = gdn.normalize %0, %beta, %gamma {layer = "g_a.1", norm = #gdn<norm l2>}
      : (tensor<1x5x4x4xf32>, tensor<5xf32>, tensor<5x5xf32>)
      -> tensor<1x5x4x4xf32, #quant.range<-1.0, 1.0>>
  // CHECK-NEXT: nn.leaky_relu {{.*}} -> tensor<1x3x4x4xf32>
  %2 = nn.leaky_relu %1 {layer = "g_a.2", slope = 0.01 : f64}
      : (tensor<1x5x4x4xf32, #quant.range<-1.0, 1.0>>) -> tensor<1x5x4x4xf32>
  // CHECK-NEXT: arith.constant dense<{{.*}}> : tensor<2x3x1x1xf32>
  // CHECK-NEXT: nn.conv2d {{.*}} (tensor<1x3x4x4xf32>, tensor<2x3x1x1xf32>) -> tensor<1x2x4x4xf32>
  // THRESHOLD: nn.conv2d {{.*}} (tensor<1x1x4x4xf32>, tensor<2x1x1x1xf32>) -> tensor<1x2x4x4xf32>
  %v = arith.constant dense<[[[[1.0]], [[2.0]], [[0.0]], [[0.0]], [[8.0]]],
      [[[1.0]], [[2.0]], [[0.0]], [[0.0]], [[8.0]]]]> : tensor<2x5x1x1xf32>
  %3 = nn.conv2d %2, %v {layer = "g_a.3", stride = 1 : i64, padding = 0 : i64}
      : (tensor<1x5x4x4xf32>, tensor<2x5x1x1xf32>) -> tensor<1x2x4x4xf32>
  func.return %3 : tensor<1x2x4x4xf32>
}

// The channels of a transposed convolution count along another axis; an offset keeps a channel
// alive; the latent's channels, of which one is zero, stay.
// CHECK-LABEL: @g_s
func.func @g_s(%x: tensor<1x1x4x4xf32>) -> tensor<1x2x8x8xf32> {
  // CHECK-NEXT: arith.constant dense<0.000000e+00> : tensor<1x1x2x2xf32>
  // CHECK-NEXT: nn.conv_transpose2d {{.*}} -> tensor<1x1x8x8xf32>
  %w = arith.constant dense<0.0> : tensor<1x2x2x2xf32>
  %0 = nn.conv_transpose2d %x, %w {layer = "g_s.0", stride = 2 : i64, padding = 0 : i64}
      : (tensor<1x1x4x4xf32>, tensor<1x2x2x2xf32>) -> tensor<1x2x8x8xf32>
  // CHECK-NEXT: arith.constant dense<3.000000e+00> : tensor<1xf32>
  // CHECK-NEXT: nn.bias {{.*}} -> tensor<1x1x8x8xf32>
  %b = arith.constant dense<[0.0, 3.0]> : tensor<2xf32>
  %1 = nn.bias %0, %b {layer = "g_s.1"} : (tensor<1x2x8x8xf32>, tensor<2xf32>) -> tensor<1x2x8x8xf32>
  // CHECK-NEXT: arith.constant dense<{{\[\[\[\[4.000000e\+00\]\], \[\[0.000000e\+00\]\]\]\]}}> : tensor<1x2x1x1xf32>
  // CHECK-NEXT: nn.conv_transpose2d {{.*}} -> tensor<1x2x8x8xf32>
  %v = arith.constant dense<[[[[9.0]], [[9.0]]], [[[4.0]], [[0.0]]]]> : tensor<2x2x1x1xf32>
  %2 = nn.conv_transpose2d %1, %v {layer = "g_s.2", stride = 1 : i64, padding = 0 : i64}
      : (tensor<1x2x8x8xf32>, tensor<2x2x1x1xf32>) -> tensor<1x2x8x8xf32>
  func.return %2 : tensor<1x2x8x8xf32>
}

// Channels that meet others in a sum stay.
// CHECK-LABEL: @h_a
func.func @h_a(%x: tensor<1x2x4x4xf32>) -> tensor<1x2x4x4xf32> {
  // CHECK-NEXT: arith.constant dense<0.000000e+00> : tensor<2x2x1x1xf32>
  %w = arith.constant dense<0.0> : tensor<2x2x1x1xf32>
  %0 = nn.conv2d %x, %w {layer = "h_a.0", stride = 1 : i64, padding = 0 : i64}
      : (tensor<1x2x4x4xf32>, tensor<2x2x1x1xf32>) -> tensor<1x2x4x4xf32>
  // CHECK: nn.add {{.*}} -> tensor<1x2x4x4xf32>
  %1 = nn.add %0, %x {layer = "h_a.add"}
      : (tensor<1x2x4x4xf32>, tensor<1x2x4x4xf32>) -> tensor<1x2x4x4xf32>
  %2 = nn.conv2d %1, %w {layer = "h_a.1", stride = 1 : i64, padding = 0 : i64}
      : (tensor<1x2x4x4xf32>, tensor<2x2x1x1xf32>) -> tensor<1x2x4x4xf32>
  func.return %2 : tensor<1x2x4x4xf32>
}
