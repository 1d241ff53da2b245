// RUN: licc-opt %s -p choose-gdn-cores | filecheck %s --check-prefix DEFAULT
// RUN: licc-opt %s -p 'choose-gdn-cores{core=newton norm=32 layers="g_a.1=polynomial, g_a.2=:n24g12"}' | filecheck %s --check-prefix NAMED
// RUN: licc-opt %s -p choose-gdn-cores{core=cheapest} | filecheck %s --check-prefix CHEAPEST
// RUN: licc-opt %s -p 'choose-gdn-cores{core=cheapest bram36=1}' | filecheck %s --check-prefix SCARCE
// RUN: licc-opt %s -p 'choose-gdn-cores{core=cheapest error=0.00001}' | filecheck %s --check-prefix FINE
// RUN: licc-opt %s -p 'choose-gdn-cores{core=newton norm=32},quantize' | filecheck %s --check-prefix QUANTIZED

// The default is what an op without properties means.
// DEFAULT-NOT: core =
// DEFAULT-NOT: norm_bits =

// NAMED: {layer = "g_a.1", norm = #gdn<norm l2>, norm_bits = 32 : i64, core = "polynomial"}
// NAMED: {layer = "g_a.2", norm = #gdn<norm l2>, norm_bits = 24 : i64, gamma_bits = 12 : i64, core = "newton"}

// A result of 8 bits shows less than one of 12.
// CHEAPEST: {layer = "g_a.1", norm = #gdn<norm l2>, core = "small-table"}
// CHEAPEST: {layer = "g_a.2", norm = #gdn<norm l2>}

// SCARCE: {layer = "g_a.1", norm = #gdn<norm l2>, core = "small-table"}
// SCARCE: {layer = "g_a.2", norm = #gdn<norm l2>, core = "polynomial"}

// FINE: {layer = "g_a.1", norm = #gdn<norm l2>, core = "polynomial"}
// FINE: {layer = "g_a.2", norm = #gdn<norm l2>, core = "polynomial"}

// QUANTIZED: gdn.core {{.*}} {norm = #gdn<norm l2>, shift = {{[0-9]+}} : i64, layer = "g_a.1", core = "newton", norm_bits = 32 : i64, drop = {{[0-9]+}} : i64}
func.func @g_a(%x: tensor<1x2x4x4xf32, #quant.uniform<i12, 0.01>>)
    -> tensor<1x2x4x4xf32, #quant.uniform<i12, 0.01>> {
  %beta = arith.constant dense<1.0> : tensor<2xf32>
  %gamma = arith.constant dense<0.1> : tensor<2x2xf32>
  %0 = gdn.normalize %x, %beta, %gamma {layer = "g_a.1", norm = #gdn<norm l2>}
      : (tensor<1x2x4x4xf32, #quant.uniform<i12, 0.01>>, tensor<2xf32>, tensor<2x2xf32>)
      -> tensor<1x2x4x4xf32, #quant.uniform<i8, 0.1>>
  %1 = gdn.normalize %0, %beta, %gamma {layer = "g_a.2", norm = #gdn<norm l2>}
      : (tensor<1x2x4x4xf32, #quant.uniform<i8, 0.1>>, tensor<2xf32>, tensor<2x2xf32>)
      -> tensor<1x2x4x4xf32, #quant.uniform<i12, 0.01>>
  func.return %1 : tensor<1x2x4x4xf32, #quant.uniform<i12, 0.01>>
}
