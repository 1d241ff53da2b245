// RUN: licc-opt %s --split-input-file --verify-diagnostics | filecheck %s

// CHECK: nn.conv2d: stride must be 1, 2 or 4, found 3
func.func @f(%x: tensor<1x3x9x9xf32>, %w: tensor<8x3x3x3xf32>) {
  %y = nn.conv2d %x, %w {layer = "g_a.0", stride = 3 : i64, padding = 1 : i64}
      : (tensor<1x3x9x9xf32>, tensor<8x3x3x3xf32>) -> tensor<1x8x3x3xf32>
  func.return
}

// -----
// CHECK: nn.conv2d: kernel must be in 1..9, found 11
func.func @f(%x: tensor<1x3x16x16xf32>, %w: tensor<8x3x11x11xf32>) {
  %y = nn.conv2d %x, %w {layer = "g_a.0", stride = 1 : i64, padding = 5 : i64}
      : (tensor<1x3x16x16xf32>, tensor<8x3x11x11xf32>) -> tensor<1x8x16x16xf32>
  func.return
}

// -----
// CHECK: nn.conv2d: input has 3 channels, the weight expects 4
func.func @f(%x: tensor<1x3x8x8xf32>, %w: tensor<8x4x3x3xf32>) {
  %y = nn.conv2d %x, %w {layer = "g_a.0", stride = 1 : i64, padding = 1 : i64}
      : (tensor<1x3x8x8xf32>, tensor<8x4x3x3xf32>) -> tensor<1x8x8x8xf32>
  func.return
}

// -----
// CHECK: nn.conv2d: result must be (1, 8, 8, 8), found (1, 8, 9, 8)
func.func @f(%x: tensor<1x3x16x16xf32>, %w: tensor<8x3x5x5xf32>) {
  %y = nn.conv2d %x, %w {layer = "g_a.0", stride = 2 : i64, padding = 2 : i64}
      : (tensor<1x3x16x16xf32>, tensor<8x3x5x5xf32>) -> tensor<1x8x9x8xf32>
  func.return
}

// -----
// CHECK: nn.conv_transpose2d: the output must be 2 times the input, which padding 0 does not allow for kernel 5
func.func @f(%x: tensor<1x8x8x8xf32>, %w: tensor<8x3x5x5xf32>) {
  %y = nn.conv_transpose2d %x, %w {layer = "g_s.0", stride = 2 : i64, padding = 0 : i64}
      : (tensor<1x8x8x8xf32>, tensor<8x3x5x5xf32>) -> tensor<1x3x16x16xf32>
  func.return
}

// -----
// CHECK: nn.leaky_relu: slope must be in [0, 1), found 1.5
func.func @f(%x: tensor<1x8x8x8xf32>) {
  %y = nn.leaky_relu %x {layer = "h_a.1", slope = 1.5 : f64}
      : (tensor<1x8x8x8xf32>) -> tensor<1x8x8x8xf32>
  func.return
}

// -----
// CHECK: nn.bias: bias must have one element for each of the 8 channels, found shape (4,)
func.func @f(%x: tensor<1x8x8x8xf32>, %b: tensor<4xf32>) {
  %y = nn.bias %x, %b {layer = "g_s.median"}
      : (tensor<1x8x8x8xf32>, tensor<4xf32>) -> tensor<1x8x8x8xf32>
  func.return
}

// -----
// CHECK: gdn.normalize: gamma must be 4 x 4, found (4, 5)
func.func @f(%x: tensor<1x4x8x8xf32>, %beta: tensor<4xf32>, %gamma: tensor<4x5xf32>) {
  %y = gdn.normalize %x, %beta, %gamma {layer = "g_a.1", norm = #gdn<norm l2>}
      : (tensor<1x4x8x8xf32>, tensor<4xf32>, tensor<4x5xf32>) -> tensor<1x4x8x8xf32>
  func.return
}

// -----
// CHECK: quant.requantize: shift must be in 0..62, found 63
func.func @f(%x: tensor<1x4x8x8xi21>, %b: tensor<4xi32>, %m: tensor<4xi32>) {
  %y = quant.requantize %x, %b, %m {layer = "g_a.0", shift = 63 : i64}
      : (tensor<1x4x8x8xi21>, tensor<4xi32>, tensor<4xi32>) -> tensor<1x4x8x8xi8>
  func.return
}

// -----
// CHECK: quant.uniform expects a positive, finite scale, found 0.0
func.func private @f(tensor<1x4x8x8xf32, #quant.uniform<i8, 0.0>>)

// -----
// CHECK: quant.range expects low <= high, found 2.0 and 1.0
func.func private @f(tensor<1x4x8x8xf32, #quant.range<2.0, 1.0>>)
