// RUN: licc-opt %s | licc-opt | filecheck %s

// CHECK-LABEL: @float
func.func @float(%x: tensor<1x3x16x16xf32>, %w: tensor<8x3x5x5xf32>, %b: tensor<8xf32>,
    %v: tensor<8x3x5x5xf32>, %c: tensor<3xf32>) -> tensor<1x3x32x32xf32> {
  // CHECK-NEXT: %y = nn.conv2d %x, %w, bias %b {layer = "g_a.0", stride = 2 : i64, padding = 2 : i64} : (tensor<1x3x16x16xf32>, tensor<8x3x5x5xf32>, tensor<8xf32>) -> tensor<1x8x8x8xf32>
  %y = nn.conv2d %x, %w, bias %b {layer = "g_a.0", stride = 2 : i64, padding = 2 : i64}
      : (tensor<1x3x16x16xf32>, tensor<8x3x5x5xf32>, tensor<8xf32>) -> tensor<1x8x8x8xf32>
  // CHECK-NEXT: %r = nn.relu %y {layer = "h_a.1"} : (tensor<1x8x8x8xf32>) -> tensor<1x8x8x8xf32>
  %r = nn.relu %y {layer = "h_a.1"} : (tensor<1x8x8x8xf32>) -> tensor<1x8x8x8xf32>
  // CHECK-NEXT: %l = nn.leaky_relu %r {layer = "h_a.1", slope = 1.000000e-02 : f64}
  %l = nn.leaky_relu %r {layer = "h_a.1", slope = 0.01 : f64}
      : (tensor<1x8x8x8xf32>) -> tensor<1x8x8x8xf32>
  // CHECK-NEXT: %a = nn.abs %l {layer = "h_a.abs"} : (tensor<1x8x8x8xf32>) -> tensor<1x8x8x8xf32>
  %a = nn.abs %l {layer = "h_a.abs"} : (tensor<1x8x8x8xf32>) -> tensor<1x8x8x8xf32>
  // CHECK-NEXT: %m = nn.bias %a, %b {layer = "g_s.median"} : (tensor<1x8x8x8xf32>, tensor<8xf32>) -> tensor<1x8x8x8xf32>
  %m = nn.bias %a, %b {layer = "g_s.median"}
      : (tensor<1x8x8x8xf32>, tensor<8xf32>) -> tensor<1x8x8x8xf32>
  // CHECK-NEXT: %s = nn.add %m, %r {layer = "g_a.add"} : (tensor<1x8x8x8xf32>, tensor<1x8x8x8xf32>) -> tensor<1x8x8x8xf32>
  %s = nn.add %m, %r {layer = "g_a.add"}
      : (tensor<1x8x8x8xf32>, tensor<1x8x8x8xf32>) -> tensor<1x8x8x8xf32>
  // CHECK-NEXT: %z = nn.conv_transpose2d %s, %v, bias %c {layer = "g_s.0", stride = 4 : i64, padding = 2 : i64}
  %z = nn.conv_transpose2d %s, %v, bias %c {layer = "g_s.0", stride = 4 : i64, padding = 2 : i64}
      : (tensor<1x8x8x8xf32>, tensor<8x3x5x5xf32>, tensor<3xf32>) -> tensor<1x3x32x32xf32>
  func.return %z : tensor<1x3x32x32xf32>
}

// CHECK-LABEL: @integer
func.func @integer(%x: tensor<1x4x8x8xi8>, %w: tensor<4x4x3x3xi6>) -> tensor<1x4x8x8xi22> {
  // CHECK-NEXT: nn.conv2d %x, %w {layer = "g_a.0", stride = 1 : i64, padding = 1 : i64, weight_bits = 6 : i64} : (tensor<1x4x8x8xi8>, tensor<4x4x3x3xi6>) -> tensor<1x4x8x8xi20>
  %y = nn.conv2d %x, %w {layer = "g_a.0", stride = 1 : i64, padding = 1 : i64, weight_bits = 6 : i64}
      : (tensor<1x4x8x8xi8>, tensor<4x4x3x3xi6>) -> tensor<1x4x8x8xi20>
  // CHECK-NEXT: nn.conv_transpose2d %x, %w {layer = "g_s.0", stride = 1 : i64, padding = 1 : i64} : (tensor<1x4x8x8xi8>, tensor<4x4x3x3xi6>) -> tensor<1x4x8x8xi21>
  %z = nn.conv_transpose2d %x, %w {layer = "g_s.0", stride = 1 : i64, padding = 1 : i64}
      : (tensor<1x4x8x8xi8>, tensor<4x4x3x3xi6>) -> tensor<1x4x8x8xi21>
  // CHECK-NEXT: nn.abs %y {layer = "h_a.abs"} : (tensor<1x4x8x8xi20>) -> tensor<1x4x8x8xui20>
  %a = nn.abs %y {layer = "h_a.abs"} : (tensor<1x4x8x8xi20>) -> tensor<1x4x8x8xui20>
  // CHECK-NEXT: nn.add %a, %z {layer = "g_a.add"} : (tensor<1x4x8x8xui20>, tensor<1x4x8x8xi21>) -> tensor<1x4x8x8xi22>
  %s = nn.add %a, %z {layer = "g_a.add"}
      : (tensor<1x4x8x8xui20>, tensor<1x4x8x8xi21>) -> tensor<1x4x8x8xi22>
  func.return %s : tensor<1x4x8x8xi22>
}
