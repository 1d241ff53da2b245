// RUN: licc-opt %s -p 'equalize-channels{limit=1}' | filecheck %s
// RUN: licc-opt %s -p 'equalize-channels{limit=0}' --verify-diagnostics | filecheck %s --check-prefix=LIMIT

// LIMIT: calibrate: limit must be at least 1, found 0

// The two channels behind g_a.0 differ by 2^32 in range, and the weights that read them do not: the
// factors are 64, the largest, and its inverse. An offset stands between g_a.2 and g_a.4.
// CHECK-LABEL: @g_a
func.func @g_a(%x: tensor<1x3x64x64xf32>) -> tensor<1x2x64x64xf32> {
  // CHECK: %[[W:[a-z_0-9]+]] = arith.constant dense<{{.*}}6.400000e+01{{.*}}0x4C800000{{.*}}> : tensor<2x3x1x1xf32>
  // CHECK-NEXT: %[[B:[a-z_0-9]+]] = arith.constant dense<[6.400000e+01, 1.562500e-02]> : tensor<2xf32>
  // CHECK-NEXT: %[[Y:[a-z_0-9]+]] = nn.conv2d %x, %[[W]], bias %[[B]] {layer = "g_a.0"
  %w = arith.constant dense<[[[[1.0]], [[0.0]], [[0.0]]], [[[4294967296.0]], [[0.0]], [[0.0]]]]>
      : tensor<2x3x1x1xf32>
  %b = arith.constant dense<1.0> : tensor<2xf32>
  %0 = nn.conv2d %x, %w, bias %b {layer = "g_a.0", stride = 1 : i64, padding = 0 : i64}
      : (tensor<1x3x64x64xf32>, tensor<2x3x1x1xf32>, tensor<2xf32>) -> tensor<1x2x64x64xf32>
  // CHECK-NEXT: %[[R:[a-z_0-9]+]] = nn.relu %[[Y]] {layer = "g_a.1"}
  %1 = nn.relu %0 {layer = "g_a.1"} : (tensor<1x2x64x64xf32>) -> tensor<1x2x64x64xf32>
  // CHECK-NEXT: %[[V:[a-z_0-9]+]] = arith.constant dense<{{.*}}1.562500e-02{{.*}}6.400000e+01{{.*}}1.562500e-02{{.*}}6.400000e+01{{.*}}> : tensor<2x2x1x1xf32>
  // CHECK-NEXT: %[[Z:[a-z_0-9]+]] = nn.conv2d %[[R]], %[[V]] {layer = "g_a.2"
  %v = arith.constant dense<1.0> : tensor<2x2x1x1xf32>
  %2 = nn.conv2d %1, %v {layer = "g_a.2", stride = 1 : i64, padding = 0 : i64}
      : (tensor<1x2x64x64xf32>, tensor<2x2x1x1xf32>) -> tensor<1x2x64x64xf32>
  %3 = nn.bias %2, %b {layer = "g_a.3"} : (tensor<1x2x64x64xf32>, tensor<2xf32>)
      -> tensor<1x2x64x64xf32>
  // CHECK: %[[U:.*]] = arith.constant dense<{{\[\[\[\[}}1.000000e+00]], {{\[\[}}0.000000e+00{{.*}}> : tensor<2x2x1x1xf32>
  // CHECK-NEXT: nn.conv2d %{{.*}}, %[[U]] {layer = "g_a.4"
  %u = arith.constant dense<[[[[1.0]], [[0.0]]], [[[1.0e9]], [[0.0]]]]> : tensor<2x2x1x1xf32>
  %4 = nn.conv2d %3, %u {layer = "g_a.4", stride = 1 : i64, padding = 0 : i64}
      : (tensor<1x2x64x64xf32>, tensor<2x2x1x1xf32>) -> tensor<1x2x64x64xf32>
  // A value with two readers, and one that meets another in a sum.
  // CHECK: %[[ONE:.*]] = arith.constant dense<1.000000e+00> : tensor<2x2x1x1xf32>
  // CHECK-NEXT: nn.conv2d %{{.*}}, %[[ONE]] {layer = "g_a.5"
  // CHECK-NEXT: nn.add
  // CHECK-NEXT: nn.conv2d %{{.*}}, %[[ONE]] {layer = "g_a.6"
  %t = arith.constant dense<1.0> : tensor<2x2x1x1xf32>
  %5 = nn.conv2d %4, %t {layer = "g_a.5", stride = 1 : i64, padding = 0 : i64}
      : (tensor<1x2x64x64xf32>, tensor<2x2x1x1xf32>) -> tensor<1x2x64x64xf32>
  %6 = nn.add %4, %5 {layer = "g_a.add"}
      : (tensor<1x2x64x64xf32>, tensor<1x2x64x64xf32>) -> tensor<1x2x64x64xf32>
  %7 = nn.conv2d %6, %t {layer = "g_a.6", stride = 1 : i64, padding = 0 : i64}
      : (tensor<1x2x64x64xf32>, tensor<2x2x1x1xf32>) -> tensor<1x2x64x64xf32>
  func.return %7 : tensor<1x2x64x64xf32>
}

// Behind a GDN the factors go into its norm: β and γ of the first channel, whose results are 2^32
// times those of the second, grow by 64.
// CHECK-LABEL: @g_s
func.func @g_s(%x: tensor<1x2x64x64xf32>) -> tensor<1x1x64x64xf32> {
  // CHECK: %[[BETA:[a-z_0-9]+]] = arith.constant dense<[6.400000e+01, 0x4C800000]> : tensor<2xf32>
  // CHECK-NEXT: %[[GAMMA:[a-z_0-9]+]] = arith.constant dense<0.000000e+00> : tensor<2x2xf32>
  // CHECK-NEXT: gdn.normalize %x, %[[BETA]], %[[GAMMA]]
  %beta = arith.constant dense<[1.0, 4294967296.0]> : tensor<2xf32>
  %gamma = arith.constant dense<0.0> : tensor<2x2xf32>
  %0 = gdn.normalize %x, %beta, %gamma {layer = "g_s.0", norm = #gdn<norm l1>}
      : (tensor<1x2x64x64xf32>, tensor<2xf32>, tensor<2x2xf32>) -> tensor<1x2x64x64xf32>
  // CHECK: arith.constant dense<{{.*}}6.400000e+01{{.*}}1.562500e-02{{.*}}> : tensor<2x1x1x1xf32>
  // CHECK-NEXT: nn.conv_transpose2d
  %w = arith.constant dense<1.0> : tensor<2x1x1x1xf32>
  %1 = nn.conv_transpose2d %0, %w {layer = "g_s.1", stride = 1 : i64, padding = 0 : i64}
      : (tensor<1x2x64x64xf32>, tensor<2x1x1x1xf32>) -> tensor<1x1x64x64xf32>
  func.return %1 : tensor<1x1x64x64xf32>
}
