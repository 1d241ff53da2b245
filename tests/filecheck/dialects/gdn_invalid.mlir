// RUN: licc-opt %s --split-input-file --verify-diagnostics | filecheck %s

// CHECK: gdn.normalize: input must be 1 x C x H x W, found shape (4,)
func.func @f(%x: tensor<4xf32>, %beta: tensor<4xf32>, %gamma: tensor<4x4xf32>) {
  %y = gdn.normalize %x, %beta, %gamma {layer = "g_a.1", norm = #gdn<norm l2>}
      : (tensor<4xf32>, tensor<4xf32>, tensor<4x4xf32>) -> tensor<4xf32>
  func.return
}

// -----
// CHECK: gdn.normalize: beta must have one element for each of the 4 channels, found shape (5,)
func.func @f(%x: tensor<1x4x8x8xf32>, %beta: tensor<5xf32>, %gamma: tensor<4x4xf32>) {
  %y = gdn.normalize %x, %beta, %gamma {layer = "g_a.1", norm = #gdn<norm l2>}
      : (tensor<1x4x8x8xf32>, tensor<5xf32>, tensor<4x4xf32>) -> tensor<1x4x8x8xf32>
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
// CHECK: gdn.normalize: expected one shape, found [(1, 4, 8, 8), (1, 4, 8, 9)]
func.func @f(%x: tensor<1x4x8x8xf32>, %beta: tensor<4xf32>, %gamma: tensor<4x4xf32>) {
  %y = gdn.normalize %x, %beta, %gamma {layer = "g_a.1", norm = #gdn<norm l2>}
      : (tensor<1x4x8x8xf32>, tensor<4xf32>, tensor<4x4xf32>) -> tensor<1x4x8x9xf32>
  func.return
}

// -----
// CHECK: gdn.core: input must be 1 x C x H x W, found shape (4,)
func.func @f(%x: tensor<4xi12>, %beta: tensor<4xi64>, %gamma: tensor<4x4xui16>, %m: tensor<4xi32>) {
  %y = gdn.core %x, %beta, %gamma, %m {layer = "g_a.1", norm = #gdn<norm l1>, shift = 30 : i64}
      : (tensor<4xi12>, tensor<4xi64>, tensor<4x4xui16>, tensor<4xi32>) -> tensor<4xi8>
  func.return
}

// -----
// CHECK: gdn.core: beta must have one element for each of the 4 channels, found shape (5,)
func.func @f(%x: tensor<1x4x8x8xi12>, %beta: tensor<5xi64>, %gamma: tensor<4x4xui16>, %m: tensor<4xi32>) {
  %y = gdn.core %x, %beta, %gamma, %m {layer = "g_a.1", norm = #gdn<norm l1>, shift = 30 : i64}
      : (tensor<1x4x8x8xi12>, tensor<5xi64>, tensor<4x4xui16>, tensor<4xi32>) -> tensor<1x4x8x8xi8>
  func.return
}

// -----
// CHECK: gdn.core: gamma must be 4 x 4, found (5, 5)
func.func @f(%x: tensor<1x4x8x8xi12>, %beta: tensor<4xi64>, %gamma: tensor<5x5xui16>, %m: tensor<4xi32>) {
  %y = gdn.core %x, %beta, %gamma, %m {layer = "g_a.1", norm = #gdn<norm l1>, shift = 30 : i64}
      : (tensor<1x4x8x8xi12>, tensor<4xi64>, tensor<5x5xui16>, tensor<4xi32>) -> tensor<1x4x8x8xi8>
  func.return
}

// -----
// CHECK: gdn.core: multiplier must have one element for each of the 4 channels, found shape (3,)
func.func @f(%x: tensor<1x4x8x8xi12>, %beta: tensor<4xi64>, %gamma: tensor<4x4xui16>, %m: tensor<3xi32>) {
  %y = gdn.core %x, %beta, %gamma, %m {layer = "g_a.1", norm = #gdn<norm l1>, shift = 30 : i64}
      : (tensor<1x4x8x8xi12>, tensor<4xi64>, tensor<4x4xui16>, tensor<3xi32>) -> tensor<1x4x8x8xi8>
  func.return
}

// -----
// CHECK: gdn.core: shift must be in -62..110, found -63
func.func @f(%x: tensor<1x4x8x8xi12>, %beta: tensor<4xi64>, %gamma: tensor<4x4xui16>, %m: tensor<4xi32>) {
  %y = gdn.core %x, %beta, %gamma, %m {layer = "g_a.1", norm = #gdn<norm l1>, shift = -63 : i64}
      : (tensor<1x4x8x8xi12>, tensor<4xi64>, tensor<4x4xui16>, tensor<4xi32>) -> tensor<1x4x8x8xi8>
  func.return
}

// -----
// CHECK: gdn.core: shift must be in -62..110, found 111
func.func @f(%x: tensor<1x4x8x8xi12>, %beta: tensor<4xi64>, %gamma: tensor<4x4xui16>, %m: tensor<4xi32>) {
  %y = gdn.core %x, %beta, %gamma, %m {layer = "g_a.1", norm = #gdn<norm l1>, shift = 111 : i64}
      : (tensor<1x4x8x8xi12>, tensor<4xi64>, tensor<4x4xui16>, tensor<4xi32>) -> tensor<1x4x8x8xi8>
  func.return
}

// -----
// CHECK: gdn.core: expected one shape, found [(1, 4, 8, 8), (1, 4, 8, 9)]
func.func @f(%x: tensor<1x4x8x8xi12>, %beta: tensor<4xi64>, %gamma: tensor<4x4xui16>, %m: tensor<4xi32>) {
  %y = gdn.core %x, %beta, %gamma, %m {layer = "g_a.1", norm = #gdn<norm l1>, shift = 30 : i64}
      : (tensor<1x4x8x8xi12>, tensor<4xi64>, tensor<4x4xui16>, tensor<4xi32>) -> tensor<1x4x8x9xi8>
  func.return
}

// -----
// CHECK: gdn.core: unknown GDN core best; there are table, small-table, polynomial, newton
func.func @f(%x: tensor<1x4x8x8xi12>, %beta: tensor<4xi48>, %gamma: tensor<4x4xui16>,
    %m: tensor<4xi32>) {
  %y = gdn.core %x, %beta, %gamma, %m {layer = "g_a.1", norm = #gdn<norm l2>, shift = 30 : i64,
      core = "best"}
      : (tensor<1x4x8x8xi12>, tensor<4xi48>, tensor<4x4xui16>, tensor<4xi32>) -> tensor<1x4x8x8xi8>
  func.return
}

// -----
// CHECK: gdn.core: norm_bits must be in 16..48, found 49
func.func @f(%x: tensor<1x4x8x8xi12>, %beta: tensor<4xi48>, %gamma: tensor<4x4xui16>,
    %m: tensor<4xi32>) {
  %y = gdn.core %x, %beta, %gamma, %m {layer = "g_a.1", norm = #gdn<norm l2>, shift = 30 : i64,
      norm_bits = 49 : i64}
      : (tensor<1x4x8x8xi12>, tensor<4xi48>, tensor<4x4xui16>, tensor<4xi32>) -> tensor<1x4x8x8xi8>
  func.return
}

// -----
// CHECK: gdn.core: drop must be in 0..23, found 24
func.func @f(%x: tensor<1x4x8x8xi12>, %beta: tensor<4xi48>, %gamma: tensor<4x4xui16>,
    %m: tensor<4xi32>) {
  %y = gdn.core %x, %beta, %gamma, %m {layer = "g_a.1", norm = #gdn<norm l2>, shift = 30 : i64,
      drop = 24 : i64}
      : (tensor<1x4x8x8xi12>, tensor<4xi48>, tensor<4x4xui16>, tensor<4xi32>) -> tensor<1x4x8x8xi8>
  func.return
}

// -----
// Two channels of i12: 1000 + 2 · 50 · 2048² has 29 bits; without 15 bits of x², 14.
// CHECK: gdn.core: norms of up to 419431400 do not fit 28 bits
func.func @f(%x: tensor<1x2x8x8xi12>, %m: tensor<2xi32>) {
  %beta = arith.constant dense<1000> : tensor<2xi48>
  %gamma = arith.constant dense<50> : tensor<2x2xui16>
  %y = gdn.core %x, %beta, %gamma, %m {layer = "g_a.1", norm = #gdn<norm l2>, shift = 30 : i64,
      norm_bits = 16 : i64, drop = 15 : i64}
      : (tensor<1x2x8x8xi12>, tensor<2xi48>, tensor<2x2xui16>, tensor<2xi32>) -> tensor<1x2x8x8xi8>
  %z = gdn.core %x, %beta, %gamma, %m {layer = "g_a.2", norm = #gdn<norm l2>, shift = 30 : i64,
      norm_bits = 28 : i64}
      : (tensor<1x2x8x8xi12>, tensor<2xi48>, tensor<2x2xui16>, tensor<2xi32>) -> tensor<1x2x8x8xi8>
  func.return
}

// -----
// CHECK: gdn.normalize: gamma_bits must be in 2..16, found 17
func.func @f(%x: tensor<1x4x8x8xf32>, %beta: tensor<4xf32>, %gamma: tensor<4x4xf32>) {
  %y = gdn.normalize %x, %beta, %gamma {layer = "g_a.1", norm = #gdn<norm l2>,
      gamma_bits = 17 : i64}
      : (tensor<1x4x8x8xf32>, tensor<4xf32>, tensor<4x4xf32>) -> tensor<1x4x8x8xf32>
  func.return
}
