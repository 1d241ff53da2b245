// RUN: licc-opt %s --split-input-file --verify-diagnostics | filecheck %s

// CHECK: stream.fifo: lanes must be at least 1, found 0
func.func private @f(!stream.fifo<tensor<1x4x8x8xi8>, lanes = 0, depth = 2>)

// -----
// CHECK: stream.fifo expects an integer frame 1 x C x H x W, found tensor<4x8xi8>
func.func private @f(!stream.fifo<tensor<4x8xi8>, lanes = 1, depth = 2>)

// -----
// CHECK: stream.abs: a FIFO has one reader, found 0
func.func @f(%x: !stream.fifo<tensor<1x4x8x8xi8>, lanes = 2, depth = 2>) {
  %y = stream.abs %x {layer = "abs"} : (!stream.fifo<tensor<1x4x8x8xi8>, lanes = 2, depth = 2>)
      -> !stream.fifo<tensor<1x4x8x8xi8>, lanes = 2, depth = 2>
  func.return
}

// -----
// CHECK: stream.abs: expected words of one width, found lanes [2, 4]
func.func @f(%x: !stream.fifo<tensor<1x4x8x8xi8>, lanes = 2, depth = 2>)
    -> !stream.fifo<tensor<1x4x8x8xi8>, lanes = 4, depth = 2> {
  %y = stream.abs %x {layer = "abs"} : (!stream.fifo<tensor<1x4x8x8xi8>, lanes = 2, depth = 2>)
      -> !stream.fifo<tensor<1x4x8x8xi8>, lanes = 4, depth = 2>
  func.return %y : !stream.fifo<tensor<1x4x8x8xi8>, lanes = 4, depth = 2>
}

// -----
// CHECK: stream.width_converter: input and result must carry the same frame
func.func @f(%x: !stream.fifo<tensor<1x4x8x8xi8>, lanes = 2, depth = 2>)
    -> !stream.fifo<tensor<1x4x8x8xi9>, lanes = 4, depth = 2> {
  %y = stream.width_converter %x {layer = "abs"}
      : (!stream.fifo<tensor<1x4x8x8xi8>, lanes = 2, depth = 2>)
      -> !stream.fifo<tensor<1x4x8x8xi9>, lanes = 4, depth = 2>
  func.return %y : !stream.fifo<tensor<1x4x8x8xi9>, lanes = 4, depth = 2>
}

// -----
// CHECK: stream.line_buffer: taps must be 1 or 3, found 2
func.func @f(%x: !stream.fifo<tensor<1x4x8x8xi8>, lanes = 2, depth = 2>)
    -> !stream.windows<tensor<1x4x8x8xi8>, lanes = 2, taps = 2, repeat = 4, depth = 2> {
  %y = stream.line_buffer %x {layer = "g_a.0",
      window = #stream.window<kernel = 3, stride = 1, padding = 1>}
      : (!stream.fifo<tensor<1x4x8x8xi8>, lanes = 2, depth = 2>)
      -> !stream.windows<tensor<1x4x8x8xi8>, lanes = 2, taps = 2, repeat = 4, depth = 2>
  func.return %y : !stream.windows<tensor<1x4x8x8xi8>, lanes = 2, taps = 2, repeat = 4, depth = 2>
}

// -----
// CHECK: stream.mac: 2 of 8 output channels at a time need the window 4 times, found repeat = 3
func.func @f(%x: !stream.windows<tensor<1x4x8x8xi8>, lanes = 2, taps = 1, repeat = 3, depth = 2>,
    %w: tensor<8x4x3x3xi8>) -> !stream.fifo<tensor<1x8x8x8xi20>, lanes = 2, depth = 2> {
  %y = stream.mac %x, %w {layer = "g_a.0",
      window = #stream.window<kernel = 3, stride = 1, padding = 1>}
      : (!stream.windows<tensor<1x4x8x8xi8>, lanes = 2, taps = 1, repeat = 3, depth = 2>,
         tensor<8x4x3x3xi8>) -> !stream.fifo<tensor<1x8x8x8xi20>, lanes = 2, depth = 2>
  func.return %y : !stream.fifo<tensor<1x8x8x8xi20>, lanes = 2, depth = 2>
}

// -----
// CHECK: stream.mac: packing chain must be in 1..7, found 8
func.func @f(%x: !stream.windows<tensor<1x4x8x8xi8>, lanes = 2, taps = 1, repeat = 4, depth = 2>,
    %w: tensor<8x4x3x3xi8>) -> !stream.fifo<tensor<1x8x8x8xi20>, lanes = 2, depth = 2> {
  %y = stream.mac %x, %w {layer = "g_a.0", packing = #stream.packing<chain = 8>,
      window = #stream.window<kernel = 3, stride = 1, padding = 1>}
      : (!stream.windows<tensor<1x4x8x8xi8>, lanes = 2, taps = 1, repeat = 4, depth = 2>,
         tensor<8x4x3x3xi8>) -> !stream.fifo<tensor<1x8x8x8xi20>, lanes = 2, depth = 2>
  func.return %y : !stream.fifo<tensor<1x8x8x8xi20>, lanes = 2, depth = 2>
}
