// RUN: licc-opt %s --split-input-file --verify-diagnostics | filecheck %s

// CHECK: nn.conv2d: weight must have a square kernel, found (8, 3, 5, 3)
func.func @f(%x: tensor<1x3x16x16xf32>, %w: tensor<8x3x5x3xf32>) {
  %y = nn.conv2d %x, %w {layer = "g_a.0", stride = 1 : i64, padding = 2 : i64}
      : (tensor<1x3x16x16xf32>, tensor<8x3x5x3xf32>) -> tensor<1x8x16x16xf32>
  func.return
}

// -----
// CHECK: nn.conv2d: weight must have a square kernel, found (8,)
func.func @f(%x: tensor<1x3x16x16xf32>, %w: tensor<8xf32>) {
  %y = nn.conv2d %x, %w {layer = "g_a.0", stride = 1 : i64, padding = 2 : i64}
      : (tensor<1x3x16x16xf32>, tensor<8xf32>) -> tensor<1x8x16x16xf32>
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
// CHECK: nn.conv2d: stride must be 1, 2 or 4, found 3
func.func @f(%x: tensor<1x3x16x16xf32>, %w: tensor<8x3x5x5xf32>) {
  %y = nn.conv2d %x, %w {layer = "g_a.0", stride = 3 : i64, padding = 2 : i64}
      : (tensor<1x3x16x16xf32>, tensor<8x3x5x5xf32>) -> tensor<1x8x6x6xf32>
  func.return
}

// -----
// CHECK: nn.conv2d: padding must be in 0..4, found 5
func.func @f(%x: tensor<1x3x16x16xf32>, %w: tensor<8x3x5x5xf32>) {
  %y = nn.conv2d %x, %w {layer = "g_a.0", stride = 1 : i64, padding = 5 : i64}
      : (tensor<1x3x16x16xf32>, tensor<8x3x5x5xf32>) -> tensor<1x8x22x22xf32>
  func.return
}

// -----
// CHECK: nn.conv2d: padding must be in 0..4, found -1
func.func @f(%x: tensor<1x3x16x16xf32>, %w: tensor<8x3x5x5xf32>) {
  %y = nn.conv2d %x, %w {layer = "g_a.0", stride = 1 : i64, padding = -1 : i64}
      : (tensor<1x3x16x16xf32>, tensor<8x3x5x5xf32>) -> tensor<1x8x10x10xf32>
  func.return
}

// -----
// CHECK: nn.conv2d: expected all f32 or all integers, found f32, i8, f32
func.func @f(%x: tensor<1x3x16x16xf32>, %w: tensor<8x3x5x5xi8>) {
  %y = nn.conv2d %x, %w {layer = "g_a.0", stride = 1 : i64, padding = 2 : i64}
      : (tensor<1x3x16x16xf32>, tensor<8x3x5x5xi8>) -> tensor<1x8x16x16xf32>
  func.return
}

// -----
// CHECK: nn.conv2d: expected all f32 or all integers, found i8, i8, i32, f32
func.func @f(%x: tensor<1x3x16x16xi8>, %w: tensor<8x3x5x5xi8>, %b: tensor<8xi32>) {
  %y = nn.conv2d %x, %w, bias %b {layer = "g_a.0", stride = 1 : i64, padding = 2 : i64}
      : (tensor<1x3x16x16xi8>, tensor<8x3x5x5xi8>, tensor<8xi32>) -> tensor<1x8x16x16xf32>
  func.return
}

// -----
// CHECK: nn.conv2d: input must be 1 x C x H x W, found shape (2, 3, 16, 16)
func.func @f(%x: tensor<2x3x16x16xf32>, %w: tensor<8x3x5x5xf32>) {
  %y = nn.conv2d %x, %w {layer = "g_a.0", stride = 1 : i64, padding = 2 : i64}
      : (tensor<2x3x16x16xf32>, tensor<8x3x5x5xf32>) -> tensor<2x8x16x16xf32>
  func.return
}

// -----
// CHECK: nn.conv2d: input must be 1 x C x H x W, found shape (3, 16, 16)
func.func @f(%x: tensor<3x16x16xf32>, %w: tensor<8x3x5x5xf32>) {
  %y = nn.conv2d %x, %w {layer = "g_a.0", stride = 1 : i64, padding = 2 : i64}
      : (tensor<3x16x16xf32>, tensor<8x3x5x5xf32>) -> tensor<1x8x16x16xf32>
  func.return
}

// -----
// CHECK: nn.conv2d: input has 3 channels, the weight expects 4
func.func @f(%x: tensor<1x3x16x16xf32>, %w: tensor<8x4x5x5xf32>) {
  %y = nn.conv2d %x, %w {layer = "g_a.0", stride = 1 : i64, padding = 2 : i64}
      : (tensor<1x3x16x16xf32>, tensor<8x4x5x5xf32>) -> tensor<1x8x16x16xf32>
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
// CHECK: nn.conv2d: bias must have one element for each of the 8 channels, found shape (3,)
func.func @f(%x: tensor<1x3x16x16xf32>, %w: tensor<8x3x5x5xf32>, %b: tensor<3xf32>) {
  %y = nn.conv2d %x, %w, bias %b {layer = "g_a.0", stride = 1 : i64, padding = 2 : i64}
      : (tensor<1x3x16x16xf32>, tensor<8x3x5x5xf32>, tensor<3xf32>) -> tensor<1x8x16x16xf32>
  func.return
}

// -----
// CHECK: nn.conv2d: weight_bits must be in 2..16, found 17
func.func @f(%x: tensor<1x3x16x16xf32>, %w: tensor<8x3x5x5xf32>) {
  %y = nn.conv2d %x, %w {layer = "g_a.0", stride = 1 : i64, padding = 2 : i64, weight_bits = 17 : i64}
      : (tensor<1x3x16x16xf32>, tensor<8x3x5x5xf32>) -> tensor<1x8x16x16xf32>
  func.return
}

// -----
// CHECK: nn.conv2d: weight_scale must have a positive number for each of the 2 output channels, found [0.5, 0.0]
func.func @f(%x: tensor<1x1x4x4xf32>, %w: tensor<2x1x1x1xf32>) {
  %y = nn.conv2d %x, %w {layer = "g_a.0", stride = 1 : i64, padding = 0 : i64, weight_scale = array<f64: 0.5, 0.0>}
      : (tensor<1x1x4x4xf32>, tensor<2x1x1x1xf32>) -> tensor<1x2x4x4xf32>
  func.return
}

// -----
// CHECK: nn.conv_transpose2d: weight_scale must have a positive number for each of the 1 output channels, found [0.5, 0.5]
func.func @f(%x: tensor<1x2x4x4xf32>, %w: tensor<2x1x1x1xf32>) {
  %y = nn.conv_transpose2d %x, %w {layer = "g_s.0", stride = 1 : i64, padding = 0 : i64, weight_scale = array<f64: 0.5, 0.5>}
      : (tensor<1x2x4x4xf32>, tensor<2x1x1x1xf32>) -> tensor<1x1x4x4xf32>
  func.return
}

// -----
// CHECK: nn.conv_transpose2d: the output must be 2 times the input, which padding 0 does not allow for kernel 5
func.func @f(%x: tensor<1x8x8x8xf32>, %w: tensor<8x3x5x5xf32>) {
  %y = nn.conv_transpose2d %x, %w {layer = "g_a.0", stride = 2 : i64, padding = 0 : i64}
      : (tensor<1x8x8x8xf32>, tensor<8x3x5x5xf32>) -> tensor<1x3x16x16xf32>
  func.return
}

// -----
// CHECK: nn.conv_transpose2d: input has 8 channels, the weight expects 3
func.func @f(%x: tensor<1x8x8x8xf32>, %w: tensor<3x8x5x5xf32>) {
  %y = nn.conv_transpose2d %x, %w {layer = "g_a.0", stride = 2 : i64, padding = 2 : i64}
      : (tensor<1x8x8x8xf32>, tensor<3x8x5x5xf32>) -> tensor<1x3x16x16xf32>
  func.return
}

// -----
// CHECK: nn.conv_transpose2d: result must be (1, 3, 16, 16), found (1, 3, 15, 15)
func.func @f(%x: tensor<1x8x8x8xf32>, %w: tensor<8x3x5x5xf32>) {
  %y = nn.conv_transpose2d %x, %w {layer = "g_a.0", stride = 2 : i64, padding = 2 : i64}
      : (tensor<1x8x8x8xf32>, tensor<8x3x5x5xf32>) -> tensor<1x3x15x15xf32>
  func.return
}

// -----
// CHECK: nn.conv_transpose2d: bias must have one element for each of the 3 channels, found shape (8,)
func.func @f(%x: tensor<1x8x8x8xf32>, %w: tensor<8x3x5x5xf32>, %b: tensor<8xf32>) {
  %y = nn.conv_transpose2d %x, %w, bias %b {layer = "g_a.0", stride = 2 : i64, padding = 2 : i64}
      : (tensor<1x8x8x8xf32>, tensor<8x3x5x5xf32>, tensor<8xf32>) -> tensor<1x3x16x16xf32>
  func.return
}

// -----
// CHECK: nn.relu: expected one shape, found [(1, 8, 4, 4), (1, 8, 4, 5)]
func.func @f(%x: tensor<1x8x4x4xf32>) {
  %y = nn.relu %x {layer = "h_a.1"}
      : (tensor<1x8x4x4xf32>) -> tensor<1x8x4x5xf32>
  func.return
}

// -----
// CHECK: nn.relu: expected all f32 or all integers, found f32, i8
func.func @f(%x: tensor<1x8x4x4xf32>) {
  %y = nn.relu %x {layer = "h_a.1"}
      : (tensor<1x8x4x4xf32>) -> tensor<1x8x4x4xi8>
  func.return
}

// -----
// CHECK: nn.abs: expected one shape, found [(1, 8, 4, 4), (1, 8, 4, 5)]
func.func @f(%x: tensor<1x8x4x4xf32>) {
  %y = nn.abs %x {layer = "h_a.abs"}
      : (tensor<1x8x4x4xf32>) -> tensor<1x8x4x5xf32>
  func.return
}

// -----
// CHECK: nn.leaky_relu: slope must be in [0, 1), found 1.5
func.func @f(%x: tensor<1x8x4x4xf32>) {
  %y = nn.leaky_relu %x {layer = "h_a.1", slope = 1.5 : f64}
      : (tensor<1x8x4x4xf32>) -> tensor<1x8x4x4xf32>
  func.return
}

// -----
// CHECK: nn.leaky_relu: expected one shape, found [(1, 8, 4, 4), (1, 8, 4, 5)]
func.func @f(%x: tensor<1x8x4x4xf32>) {
  %y = nn.leaky_relu %x {layer = "h_a.1", slope = 0.5 : f64}
      : (tensor<1x8x4x4xf32>) -> tensor<1x8x4x5xf32>
  func.return
}

// -----
// CHECK: nn.bias: expected one shape, found [(1, 8, 4, 4), (1, 8, 4, 5)]
func.func @f(%x: tensor<1x8x4x4xf32>, %b: tensor<8xf32>) {
  %y = nn.bias %x, %b {layer = "g_s.median"}
      : (tensor<1x8x4x4xf32>, tensor<8xf32>) -> tensor<1x8x4x5xf32>
  func.return
}

// -----
// CHECK: nn.bias: expected all f32 or all integers, found f32, i32, f32
func.func @f(%x: tensor<1x8x4x4xf32>, %b: tensor<8xi32>) {
  %y = nn.bias %x, %b {layer = "g_s.median"}
      : (tensor<1x8x4x4xf32>, tensor<8xi32>) -> tensor<1x8x4x4xf32>
  func.return
}

// -----
// CHECK: nn.bias: input must be 1 x C x H x W, found shape (8,)
func.func @f(%x: tensor<8xf32>, %b: tensor<8xf32>) {
  %y = nn.bias %x, %b {layer = "g_s.median"}
      : (tensor<8xf32>, tensor<8xf32>) -> tensor<8xf32>
  func.return
}

// -----
// CHECK: nn.bias: bias must have one element for each of the 8 channels, found shape (4,)
func.func @f(%x: tensor<1x8x4x4xf32>, %b: tensor<4xf32>) {
  %y = nn.bias %x, %b {layer = "g_s.median"}
      : (tensor<1x8x4x4xf32>, tensor<4xf32>) -> tensor<1x8x4x4xf32>
  func.return
}

// -----
// CHECK: nn.add: expected one shape, found [(1, 8, 4, 4), (1, 8, 4, 5)]
func.func @f(%x: tensor<1x8x4x4xf32>, %y: tensor<1x8x4x5xf32>) {
  %z = nn.add %x, %y {layer = "g_a.add"}
      : (tensor<1x8x4x4xf32>, tensor<1x8x4x5xf32>) -> tensor<1x8x4x4xf32>
  func.return
}

// -----
// CHECK: nn.add: expected all f32 or all integers, found i8, i8, f32
func.func @f(%x: tensor<1x8x4x4xi8>, %y: tensor<1x8x4x4xi8>) {
  %z = nn.add %x, %y {layer = "g_a.add"}
      : (tensor<1x8x4x4xi8>, tensor<1x8x4x4xi8>) -> tensor<1x8x4x4xf32>
  func.return
}
