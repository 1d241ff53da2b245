// RUN: licc-opt %s --split-input-file -p quantize --verify-diagnostics | filecheck %s

// CHECK: quantize: {{.*}} has no integer format; run assign-precision first
func.func @g_a(%x: tensor<1x1x4x4xf32>)
    -> tensor<1x1x4x4xf32> {
  %w = arith.constant dense<1.0> : tensor<1x1x1x1xf32>
  %0 = nn.conv2d %x, %w {layer = "g_a.0", stride = 1 : i64, padding = 0 : i64,
      weight_bits = 8 : i64}
      : (tensor<1x1x4x4xf32>, tensor<1x1x1x1xf32>)
      -> tensor<1x1x4x4xf32>
  func.return %0 : tensor<1x1x4x4xf32>
}

// -----
// CHECK: quantize: {{.*}}nn.conv2d{{.*}} has no integer format; run assign-precision first
func.func @g_a(%x: tensor<1x1x4x4xf32, #quant.uniform<i8, 0.5>>)
    -> tensor<1x1x4x4xf32> {
  %w = arith.constant dense<1.0> : tensor<1x1x1x1xf32>
  %0 = nn.conv2d %x, %w {layer = "g_a.0", stride = 1 : i64, padding = 0 : i64,
      weight_bits = 8 : i64}
      : (tensor<1x1x4x4xf32, #quant.uniform<i8, 0.5>>, tensor<1x1x1x1xf32>)
      -> tensor<1x1x4x4xf32>
  func.return %0 : tensor<1x1x4x4xf32>
}

// -----
// CHECK: quantize: g_a.0 has no weight_bits; run assign-precision first
func.func @g_a(%x: tensor<1x1x4x4xf32, #quant.uniform<i8, 0.5>>)
    -> tensor<1x1x4x4xf32, #quant.uniform<i8, 0.5>> {
  %w = arith.constant dense<1.0> : tensor<1x1x1x1xf32>
  %0 = nn.conv2d %x, %w {layer = "g_a.0", stride = 1 : i64, padding = 0 : i64}
      : (tensor<1x1x4x4xf32, #quant.uniform<i8, 0.5>>, tensor<1x1x1x1xf32>)
      -> tensor<1x1x4x4xf32, #quant.uniform<i8, 0.5>>
  func.return %0 : tensor<1x1x4x4xf32, #quant.uniform<i8, 0.5>>
}

// -----
// CHECK: quantize: g_a.0: nn.bias cannot follow an activation
func.func @g_a(%x: tensor<1x1x4x4xf32, #quant.uniform<i8, 0.5>>)
    -> tensor<1x1x4x4xf32, #quant.uniform<i8, 0.5>> {
  %w = arith.constant dense<1.0> : tensor<1x1x1x1xf32>
  %b = arith.constant dense<1.0> : tensor<1xf32>
  %0 = nn.conv2d %x, %w {layer = "g_a.0", stride = 1 : i64, padding = 0 : i64,
      weight_bits = 8 : i64}
      : (tensor<1x1x4x4xf32, #quant.uniform<i8, 0.5>>, tensor<1x1x1x1xf32>)
      -> tensor<1x1x4x4xf32>
  %1 = nn.relu %0 {layer = "g_a.1"} : (tensor<1x1x4x4xf32>) -> tensor<1x1x4x4xf32>
  %2 = nn.bias %1, %b {layer = "g_a.2"} : (tensor<1x1x4x4xf32>, tensor<1xf32>)
      -> tensor<1x1x4x4xf32, #quant.uniform<i8, 0.5>>
  func.return %2 : tensor<1x1x4x4xf32, #quant.uniform<i8, 0.5>>
}

// -----
// CHECK: quantize: g_a.0: nn.leaky_relu cannot follow an activation
func.func @g_a(%x: tensor<1x1x4x4xf32, #quant.uniform<i8, 0.5>>)
    -> tensor<1x1x4x4xf32, #quant.uniform<i8, 0.5>> {
  %w = arith.constant dense<1.0> : tensor<1x1x1x1xf32>
  %0 = nn.conv2d %x, %w {layer = "g_a.0", stride = 1 : i64, padding = 0 : i64,
      weight_bits = 8 : i64}
      : (tensor<1x1x4x4xf32, #quant.uniform<i8, 0.5>>, tensor<1x1x1x1xf32>)
      -> tensor<1x1x4x4xf32>
  %1 = nn.relu %0 {layer = "g_a.1"} : (tensor<1x1x4x4xf32>) -> tensor<1x1x4x4xf32>
  %2 = nn.leaky_relu %1 {layer = "g_a.2", slope = 0.5 : f64} : (tensor<1x1x4x4xf32>)
      -> tensor<1x1x4x4xf32, #quant.uniform<i8, 0.5>>
  func.return %2 : tensor<1x1x4x4xf32, #quant.uniform<i8, 0.5>>
}

// -----
// CHECK: quantize: g_a.0: a factor of 7.87e+09 is beyond 17 bits
func.func @g_a(%x: tensor<1x1x4x4xf32, #quant.uniform<i8, 1.0e6>>)
    -> tensor<1x1x4x4xf32, #quant.uniform<i8, 1.0e-6>> {
  %w = arith.constant dense<1.0> : tensor<1x1x1x1xf32>
  %0 = nn.conv2d %x, %w {layer = "g_a.0", stride = 1 : i64, padding = 0 : i64,
      weight_bits = 8 : i64}
      : (tensor<1x1x4x4xf32, #quant.uniform<i8, 1.0e6>>, tensor<1x1x1x1xf32>)
      -> tensor<1x1x4x4xf32, #quant.uniform<i8, 1.0e-6>>
  func.return %0 : tensor<1x1x4x4xf32, #quant.uniform<i8, 1.0e-6>>
}

// -----
// CHECK: quantize: g_a.0: sums up to 127000000{{[0-9]*}} do not fit a 62-bit product; use fewer bits
func.func @g_a(%x: tensor<1x1x4x4xf32, #quant.uniform<i8, 0.001>>)
    -> tensor<1x1x4x4xf32, #quant.uniform<i8, 0.001>> {
  %w = arith.constant dense<1.0> : tensor<1x1x1x1xf32>
  %b = arith.constant dense<1.0e10> : tensor<1xf32>
  %0 = nn.conv2d %x, %w, bias %b {layer = "g_a.0", stride = 1 : i64, padding = 0 : i64,
      weight_bits = 8 : i64}
      : (tensor<1x1x4x4xf32, #quant.uniform<i8, 0.001>>, tensor<1x1x1x1xf32>, tensor<1xf32>)
      -> tensor<1x1x4x4xf32, #quant.uniform<i8, 0.001>>
  func.return %0 : tensor<1x1x4x4xf32, #quant.uniform<i8, 0.001>>
}

// -----
// CHECK: quantize: g_a.0: an offset needs a result 2^n times finer than its input, found scales 0.5 and 0.3
func.func @g_a(%x: tensor<1x1x4x4xf32, #quant.uniform<i8, 0.5>>)
    -> tensor<1x1x4x4xf32, #quant.uniform<i8, 0.3>> {
  %b = arith.constant dense<1.0> : tensor<1xf32>
  %0 = nn.bias %x, %b {layer = "g_a.0"} : (tensor<1x1x4x4xf32, #quant.uniform<i8, 0.5>>, tensor<1xf32>)
      -> tensor<1x1x4x4xf32, #quant.uniform<i8, 0.3>>
  func.return %0 : tensor<1x1x4x4xf32, #quant.uniform<i8, 0.3>>
}

// -----
// CHECK: quantize: g_a.0: an offset needs a result 2^n times finer than its input, found scales 0.5 and 1.0
func.func @g_a(%x: tensor<1x1x4x4xf32, #quant.uniform<i8, 0.5>>)
    -> tensor<1x1x4x4xf32, #quant.uniform<i8, 1.0>> {
  %b = arith.constant dense<1.0> : tensor<1xf32>
  %0 = nn.bias %x, %b {layer = "g_a.0"} : (tensor<1x1x4x4xf32, #quant.uniform<i8, 0.5>>, tensor<1xf32>)
      -> tensor<1x1x4x4xf32, #quant.uniform<i8, 1.0>>
  func.return %0 : tensor<1x1x4x4xf32, #quant.uniform<i8, 1.0>>
}

// -----
// CHECK: quantize: @g_a: nn.relu has no integer form here
func.func @g_a(%x: tensor<1x1x4x4xf32, #quant.uniform<i8, 0.5>>)
    -> tensor<1x1x4x4xf32, #quant.uniform<i8, 1.0>> {
  %c = arith.constant dense<1.0> : tensor<1x1x4x4xf32>
  %0 = nn.relu %c {layer = "g_a.0"} : (tensor<1x1x4x4xf32>) -> tensor<1x1x4x4xf32, #quant.uniform<i8, 1.0>>
  func.return %0 : tensor<1x1x4x4xf32, #quant.uniform<i8, 1.0>>
}
