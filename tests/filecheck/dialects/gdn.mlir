// RUN: licc-opt %s | licc-opt | filecheck %s

// CHECK-LABEL: @float
func.func @float(%x: tensor<1x4x8x8xf32>, %beta: tensor<4xf32>, %gamma: tensor<4x4xf32>)
    -> tensor<1x4x8x8xf32> {
  // CHECK-NEXT: gdn.normalize %x, %beta, %gamma {layer = "g_a.1", norm = #gdn<norm l2>} : (tensor<1x4x8x8xf32>, tensor<4xf32>, tensor<4x4xf32>) -> tensor<1x4x8x8xf32>
  %y = gdn.normalize %x, %beta, %gamma {layer = "g_a.1", norm = #gdn<norm l2>}
      : (tensor<1x4x8x8xf32>, tensor<4xf32>, tensor<4x4xf32>) -> tensor<1x4x8x8xf32>
  // CHECK-NEXT: gdn.normalize %y, %beta, %gamma {layer = "g_s.1", norm = #gdn<norm l1>, inverse = true}
  %z = gdn.normalize %y, %beta, %gamma {layer = "g_s.1", norm = #gdn<norm l1>, inverse = true}
      : (tensor<1x4x8x8xf32>, tensor<4xf32>, tensor<4x4xf32>) -> tensor<1x4x8x8xf32>
  func.return %z : tensor<1x4x8x8xf32>
}

// CHECK-LABEL: @integer
func.func @integer(%x: tensor<1x4x8x8xi12>, %beta: tensor<4xi64>, %gamma: tensor<4x4xui16>,
    %m: tensor<4xi32>) -> tensor<1x4x8x8xi8> {
  // CHECK-NEXT: gdn.core %x, %beta, %gamma, %m {layer = "g_a.1", norm = #gdn<norm l2>, shift = 30 : i64} : (tensor<1x4x8x8xi12>, tensor<4xi64>, tensor<4x4xui16>, tensor<4xi32>) -> tensor<1x4x8x8xi12>
  %y = gdn.core %x, %beta, %gamma, %m {layer = "g_a.1", norm = #gdn<norm l2>, shift = 30 : i64}
      : (tensor<1x4x8x8xi12>, tensor<4xi64>, tensor<4x4xui16>, tensor<4xi32>)
      -> tensor<1x4x8x8xi12>
  // CHECK-NEXT: gdn.core %y, %beta, %gamma, %m {layer = "g_s.1", norm = #gdn<norm l1>, inverse = true, shift = -3 : i64}
  %z = gdn.core %y, %beta, %gamma, %m
      {layer = "g_s.1", norm = #gdn<norm l1>, inverse = true, shift = -3 : i64}
      : (tensor<1x4x8x8xi12>, tensor<4xi64>, tensor<4x4xui16>, tensor<4xi32>)
      -> tensor<1x4x8x8xi8>
  func.return %z : tensor<1x4x8x8xi8>
}
