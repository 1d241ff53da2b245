// RUN: licc-opt %s --split-input-file -p lower-to-stream --verify-diagnostics | filecheck %s

// CHECK: lower-to-stream: expected an integer tensor, found tensor<1x3x4x4xf32, #quant.uniform<ui8, 5.000000e-01>>
func.func @g_a(%x: tensor<1x3x4x4xf32, #quant.uniform<ui8, 0.5>>)
    -> tensor<1x3x4x4xf32, #quant.uniform<ui8, 0.5>> {
  func.return %x : tensor<1x3x4x4xf32, #quant.uniform<ui8, 0.5>>
}

// -----
// CHECK: stream.fifo expects an integer frame 1 x C x H x W, found tensor<4xi8>
func.func @g_a(%x: tensor<4xi8>) -> tensor<4xi8> {
  func.return %x : tensor<4xi8>
}
