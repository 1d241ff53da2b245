// RUN: licc-opt %s --split-input-file --verify-diagnostics | filecheck %s

// CHECK: quant.range expects low <= high, found 2.0 and 1.0
func.func private @f(tensor<1x4x8x8xf32, #quant.range<2.0, 1.0>>)

// -----
// CHECK: quant.range expects finite bounds, found -1.7e+308 and 1.7e+308
func.func private @f(tensor<1x4x8x8xf32, #quant.range<-1.7e308, 1.7e308>>)

// -----
// CHECK: quant.uniform expects a positive, finite scale, found 0.0
func.func private @f(tensor<1x4x8x8xf32, #quant.uniform<i8, 0.0>>)

// -----
// CHECK: quant.uniform expects a positive, finite scale, found -0.5
func.func private @f(tensor<1x4x8x8xf32, #quant.uniform<i8, -0.5>>)

// -----
// CHECK: f32 should be of base attribute integer_type
func.func private @f(tensor<1x4x8x8xf32, #quant.uniform<f32, 0.5>>)

// -----
// CHECK: quant.scale expects a positive, finite scale, found 0.0
func.func private @f(tensor<1x4x8x8xf32, #quant.scale<0.0>>)

// -----
// CHECK: quant.scale expects a positive, finite scale, found inf
func.func private @f(tensor<1x4x8x8xf32, #quant.scale<1.0e999>>)

// -----
// CHECK: quant.requantize: input must be 1 x C x H x W, found shape (4,)
func.func @f(%x: tensor<4xi8>, %b: tensor<4xi32>, %m: tensor<4xi32>) {
  %y = quant.requantize %x, %b, %m {layer = "g_a.0", shift = 24 : i64}
      : (tensor<4xi8>, tensor<4xi32>, tensor<4xi32>) -> tensor<4xi8>
  func.return
}

// -----
// CHECK: quant.requantize: bias must have one element for each of the 4 channels, found shape (3,)
func.func @f(%x: tensor<1x4x8x8xi21>, %b: tensor<3xi32>, %m: tensor<4xi32>) {
  %y = quant.requantize %x, %b, %m {layer = "g_a.0", shift = 24 : i64}
      : (tensor<1x4x8x8xi21>, tensor<3xi32>, tensor<4xi32>) -> tensor<1x4x8x8xi8>
  func.return
}

// -----
// CHECK: quant.requantize: multiplier must have one element for each of the 4 channels, found shape (3,)
func.func @f(%x: tensor<1x4x8x8xi21>, %b: tensor<4xi32>, %m: tensor<3xi32>) {
  %y = quant.requantize %x, %b, %m {layer = "g_a.0", shift = 24 : i64}
      : (tensor<1x4x8x8xi21>, tensor<4xi32>, tensor<3xi32>) -> tensor<1x4x8x8xi8>
  func.return
}

// -----
// CHECK: quant.requantize: negative must have one element for each of the 4 channels, found shape (3,)
func.func @f(%x: tensor<1x4x8x8xi21>, %b: tensor<4xi32>, %m: tensor<4xi32>, %n: tensor<3xi32>) {
  %y = quant.requantize %x, %b, %m, negative %n {layer = "g_a.0", shift = 24 : i64}
      : (tensor<1x4x8x8xi21>, tensor<4xi32>, tensor<4xi32>, tensor<3xi32>) -> tensor<1x4x8x8xi8>
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
// CHECK: quant.requantize: shift must be in 0..62, found -1
func.func @f(%x: tensor<1x4x8x8xi21>, %b: tensor<4xi32>, %m: tensor<4xi32>) {
  %y = quant.requantize %x, %b, %m {layer = "g_a.0", shift = -1 : i64}
      : (tensor<1x4x8x8xi21>, tensor<4xi32>, tensor<4xi32>) -> tensor<1x4x8x8xi8>
  func.return
}

// -----
// CHECK: quant.requantize: expected one shape, found [(1, 4, 8, 8), (1, 4, 8, 9)]
func.func @f(%x: tensor<1x4x8x8xi21>, %b: tensor<4xi32>, %m: tensor<4xi32>) {
  %y = quant.requantize %x, %b, %m {layer = "g_a.0", shift = 24 : i64}
      : (tensor<1x4x8x8xi21>, tensor<4xi32>, tensor<4xi32>) -> tensor<1x4x8x9xi8>
  func.return
}

// -----
// CHECK: quant.offset: input must be 1 x C x H x W, found shape (4,)
func.func @f(%x: tensor<4xi8>, %m: tensor<4xi32>) {
  %y = quant.offset %x, %m {layer = "g_s.median", shift = 6 : i64}
      : (tensor<4xi8>, tensor<4xi32>) -> tensor<4xi8>
  func.return
}

// -----
// CHECK: quant.offset: offset must have one element for each of the 4 channels, found shape (3,)
func.func @f(%x: tensor<1x4x8x8xi16>, %m: tensor<3xi32>) {
  %y = quant.offset %x, %m {layer = "g_s.median", shift = 6 : i64}
      : (tensor<1x4x8x8xi16>, tensor<3xi32>) -> tensor<1x4x8x8xi16>
  func.return
}

// -----
// CHECK: quant.offset: shift must be in 0..62, found 63
func.func @f(%x: tensor<1x4x8x8xi16>, %m: tensor<4xi32>) {
  %y = quant.offset %x, %m {layer = "g_s.median", shift = 63 : i64}
      : (tensor<1x4x8x8xi16>, tensor<4xi32>) -> tensor<1x4x8x8xi16>
  func.return
}

// -----
// CHECK: quant.offset: expected one shape, found [(1, 4, 8, 8), (1, 4, 8, 9)]
func.func @f(%x: tensor<1x4x8x8xi16>, %m: tensor<4xi32>) {
  %y = quant.offset %x, %m {layer = "g_s.median", shift = 6 : i64}
      : (tensor<1x4x8x8xi16>, tensor<4xi32>) -> tensor<1x4x8x9xi16>
  func.return
}
