// RUN: licc-opt %s | licc-opt | filecheck %s

// CHECK: @range(tensor<4xf32, #quant.range<-1.500000e+00, 2.250000e+00>>, tensor<4xf32, #quant.range<-0.1234567890123456{{[0-9]*}}, 0.33333333333333331>>)
func.func private @range(tensor<4xf32, #quant.range<-1.5, 2.25>>,
    tensor<4xf32, #quant.range<-0.12345678901234567, 0.3333333333333333>>)

// Whole numbers of more than six digits are floats still.
// CHECK: @whole(tensor<4xf32, #quant.range<-1.2345678{{0+}}e+07, 1.000000e+22>>, tensor<4xi8, #quant.scale<1.6777217{{0+}}e+07>>)
func.func private @whole(tensor<4xf32, #quant.range<-12345678, 1.0e22>>,
    tensor<4xi8, #quant.scale<16777217.0>>)

// CHECK: @uniform(tensor<4xf32, #quant.uniform<ui8, 0.0039215686274509803>>, tensor<4xf32, #quant.uniform<i12, 1.2345679{{0+}}e+08>>)
func.func private @uniform(tensor<4xf32, #quant.uniform<ui8, 0.00392156862745098>>,
    tensor<4xf32, #quant.uniform<i12, 123456790.0>>)

// CHECK: @scale(tensor<4xi8, #quant.scale<1.562500e-02>>)
func.func private @scale(tensor<4xi8, #quant.scale<0.015625>>)

// CHECK-LABEL: @ops
func.func @ops(%acc: tensor<1x4x8x8xi21>, %v: tensor<4xi32>) -> tensor<1x4x8x8xi16> {
  // CHECK-NEXT: quant.requantize %acc, %v, %v {layer = "g_a.0", shift = 24 : i64} : (tensor<1x4x8x8xi21>, tensor<4xi32>, tensor<4xi32>) -> tensor<1x4x8x8xi16>
  %x = quant.requantize %acc, %v, %v {layer = "g_a.0", shift = 24 : i64}
      : (tensor<1x4x8x8xi21>, tensor<4xi32>, tensor<4xi32>) -> tensor<1x4x8x8xi16>
  // CHECK-NEXT: quant.requantize %x, %v, %v, negative %v {layer = "g_a.1", shift = 0 : i64} : (tensor<1x4x8x8xi16>, tensor<4xi32>, tensor<4xi32>, tensor<4xi32>) -> tensor<1x4x8x8xi16>
  %y = quant.requantize %x, %v, %v, negative %v {layer = "g_a.1", shift = 0 : i64}
      : (tensor<1x4x8x8xi16>, tensor<4xi32>, tensor<4xi32>, tensor<4xi32>) -> tensor<1x4x8x8xi16>
  // CHECK-NEXT: quant.offset %y, %v {layer = "g_s.median", shift = 6 : i64} : (tensor<1x4x8x8xi16>, tensor<4xi32>) -> tensor<1x4x8x8xi16>
  %z = quant.offset %y, %v {layer = "g_s.median", shift = 6 : i64}
      : (tensor<1x4x8x8xi16>, tensor<4xi32>) -> tensor<1x4x8x8xi16>
  func.return %z : tensor<1x4x8x8xi16>
}
