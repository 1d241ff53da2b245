// RUN: licc-opt %s --split-input-file --verify-diagnostics | filecheck %s

// CHECK: stream.fifo: lanes must be at least 1, found 0
func.func private @f(!stream.fifo<tensor<1x4x8x8xi8>, lanes = 0, depth = 2>)

// -----
// CHECK: stream.fifo: depth must be at least 1, found 0
func.func private @f(!stream.fifo<tensor<1x4x8x8xi8>, lanes = 2, depth = 0>)

// -----
// CHECK: stream.fifo expects an integer frame 1 x C x H x W, found tensor<4x8xi8>
func.func private @f(!stream.fifo<tensor<4x8xi8>, lanes = 1, depth = 2>)

// -----
// CHECK: stream.fifo expects an integer frame 1 x C x H x W, found tensor<2x4x8x8xi8>
func.func private @f(!stream.fifo<tensor<2x4x8x8xi8>, lanes = 1, depth = 2>)

// -----
// CHECK: f32 should be of base attribute integer_type
func.func private @f(!stream.fifo<tensor<1x4x8x8xf32>, lanes = 2, depth = 2>)

// -----
// CHECK: stream.windows: lanes must be at least 1, found 0
func.func private @f(!stream.windows<tensor<1x4x8x8xi8>, lanes = 0, taps = 1, repeat = 4, depth = 2>)

// -----
// CHECK: stream.windows: taps must be at least 1, found 0
func.func private @f(!stream.windows<tensor<1x4x8x8xi8>, lanes = 2, taps = 0, repeat = 4, depth = 2>)

// -----
// CHECK: stream.windows: repeat must be at least 1, found 0
func.func private @f(!stream.windows<tensor<1x4x8x8xi8>, lanes = 2, taps = 1, repeat = 0, depth = 2>)

// -----
// CHECK: stream.windows: depth must be at least 1, found 0
func.func private @f(!stream.windows<tensor<1x4x8x8xi8>, lanes = 2, taps = 1, repeat = 4, depth = 0>)

// -----
// CHECK: stream.windows expects an integer frame 1 x C x H x W, found tensor<4x8xi8>
func.func private @f(!stream.windows<tensor<4x8xi8>, lanes = 1, taps = 1, repeat = 4, depth = 2>)

// -----
// CHECK: stream.abs: a FIFO has one reader, found 0
func.func @f(%x: !stream.fifo<tensor<1x4x8x8xi8>, lanes = 2, depth = 2>) {
  %y = stream.abs %x {layer = "abs"} : (!stream.fifo<tensor<1x4x8x8xi8>, lanes = 2, depth = 2>)
      -> !stream.fifo<tensor<1x4x8x8xi8>, lanes = 2, depth = 2>
  func.return
}

// -----
// CHECK: stream.abs: a FIFO has one reader, found 2
func.func @f(%x: !stream.fifo<tensor<1x4x8x8xi8>, lanes = 2, depth = 2>)
    -> !stream.fifo<tensor<1x4x8x8xi9>, lanes = 2, depth = 2> {
  %y = stream.abs %x {layer = "abs"} : (!stream.fifo<tensor<1x4x8x8xi8>, lanes = 2, depth = 2>)
      -> !stream.fifo<tensor<1x4x8x8xi8>, lanes = 2, depth = 2>
  %z = stream.add %y, %y {layer = "add"}
      : (!stream.fifo<tensor<1x4x8x8xi8>, lanes = 2, depth = 2>,
         !stream.fifo<tensor<1x4x8x8xi8>, lanes = 2, depth = 2>)
      -> !stream.fifo<tensor<1x4x8x8xi9>, lanes = 2, depth = 2>
  func.return %z : !stream.fifo<tensor<1x4x8x8xi9>, lanes = 2, depth = 2>
}

// -----
// CHECK: stream.line_buffer: kernel must be in 1..9, found 11
func.func @f(%x: !stream.fifo<tensor<1x4x8x8xi8>, lanes = 2, depth = 2>)
    -> !stream.windows<tensor<1x4x8x8xi8>, lanes = 2, taps = 1, repeat = 4, depth = 2> {
  %y = stream.line_buffer %x {layer = "g_a.0",
      window = #stream.window<kernel = 11, stride = 1, padding = 5>}
      : (!stream.fifo<tensor<1x4x8x8xi8>, lanes = 2, depth = 2>)
      -> !stream.windows<tensor<1x4x8x8xi8>, lanes = 2, taps = 1, repeat = 4, depth = 2>
  func.return %y : !stream.windows<tensor<1x4x8x8xi8>, lanes = 2, taps = 1, repeat = 4, depth = 2>
}

// -----
// CHECK: stream.line_buffer: stride must be 1, 2 or 4, found 0
func.func @f(%x: !stream.fifo<tensor<1x4x8x8xi8>, lanes = 2, depth = 2>)
    -> !stream.windows<tensor<1x4x8x8xi8>, lanes = 2, taps = 1, repeat = 4, depth = 2> {
  %y = stream.line_buffer %x {layer = "g_a.0",
      window = #stream.window<kernel = 3, stride = 0, padding = 1>}
      : (!stream.fifo<tensor<1x4x8x8xi8>, lanes = 2, depth = 2>)
      -> !stream.windows<tensor<1x4x8x8xi8>, lanes = 2, taps = 1, repeat = 4, depth = 2>
  func.return %y : !stream.windows<tensor<1x4x8x8xi8>, lanes = 2, taps = 1, repeat = 4, depth = 2>
}

// -----
// CHECK: stream.line_buffer: {{.*}}, lanes = 4, taps = 1, repeat = 4, depth = 2> are not windows of {{.*}}
func.func @f(%x: !stream.fifo<tensor<1x4x8x8xi8>, lanes = 2, depth = 2>)
    -> !stream.windows<tensor<1x4x8x8xi8>, lanes = 4, taps = 1, repeat = 4, depth = 2> {
  %y = stream.line_buffer %x {layer = "g_a.0",
      window = #stream.window<kernel = 3, stride = 1, padding = 1>}
      : (!stream.fifo<tensor<1x4x8x8xi8>, lanes = 2, depth = 2>)
      -> !stream.windows<tensor<1x4x8x8xi8>, lanes = 4, taps = 1, repeat = 4, depth = 2>
  func.return %y : !stream.windows<tensor<1x4x8x8xi8>, lanes = 4, taps = 1, repeat = 4, depth = 2>
}

// -----
// CHECK: stream.line_buffer: {{.*}}1x4x8x8xi9{{.*}} are not windows of {{.*}}
func.func @f(%x: !stream.fifo<tensor<1x4x8x8xi8>, lanes = 2, depth = 2>)
    -> !stream.windows<tensor<1x4x8x8xi9>, lanes = 2, taps = 1, repeat = 4, depth = 2> {
  %y = stream.line_buffer %x {layer = "g_a.0",
      window = #stream.window<kernel = 3, stride = 1, padding = 1>}
      : (!stream.fifo<tensor<1x4x8x8xi8>, lanes = 2, depth = 2>)
      -> !stream.windows<tensor<1x4x8x8xi9>, lanes = 2, taps = 1, repeat = 4, depth = 2>
  func.return %y : !stream.windows<tensor<1x4x8x8xi9>, lanes = 2, taps = 1, repeat = 4, depth = 2>
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
// CHECK: stream.line_buffer: taps must be 1 or 2, found 3
func.func @f(%x: !stream.fifo<tensor<1x4x8x8xi8>, lanes = 2, depth = 2>)
    -> !stream.windows<tensor<1x4x8x8xi8>, lanes = 2, taps = 3, repeat = 4, depth = 2> {
  %y = stream.line_buffer %x {layer = "g_a.0",
      window = #stream.window<kernel = 3, stride = 2, padding = 1, transposed>}
      : (!stream.fifo<tensor<1x4x8x8xi8>, lanes = 2, depth = 2>)
      -> !stream.windows<tensor<1x4x8x8xi8>, lanes = 2, taps = 3, repeat = 4, depth = 2>
  func.return %y : !stream.windows<tensor<1x4x8x8xi8>, lanes = 2, taps = 3, repeat = 4, depth = 2>
}

// -----
// CHECK: stream.mac: padding must be in 0..2, found 3
func.func @f(%x: !stream.windows<tensor<1x4x8x8xi8>, lanes = 2, taps = 1, repeat = 4, depth = 2>,
    %w: tensor<8x4x3x3xi8>)
    -> !stream.fifo<tensor<1x8x8x8xi20>, lanes = 2, depth = 2> {
  %y = stream.mac %x, %w {layer = "g_a.0",
      window = #stream.window<kernel = 3, stride = 1, padding = 3>}
      : (!stream.windows<tensor<1x4x8x8xi8>, lanes = 2, taps = 1, repeat = 4, depth = 2>,
         tensor<8x4x3x3xi8>)
      -> !stream.fifo<tensor<1x8x8x8xi20>, lanes = 2, depth = 2>
  func.return %y : !stream.fifo<tensor<1x8x8x8xi20>, lanes = 2, depth = 2>
}

// -----
// CHECK: stream.mac: a window of kernel 5 does not fit the weight (8, 4, 3, 3)
func.func @f(%x: !stream.windows<tensor<1x4x8x8xi8>, lanes = 2, taps = 1, repeat = 4, depth = 2>,
    %w: tensor<8x4x3x3xi8>)
    -> !stream.fifo<tensor<1x8x8x8xi20>, lanes = 2, depth = 2> {
  %y = stream.mac %x, %w {layer = "g_a.0",
      window = #stream.window<kernel = 5, stride = 1, padding = 2>}
      : (!stream.windows<tensor<1x4x8x8xi8>, lanes = 2, taps = 1, repeat = 4, depth = 2>,
         tensor<8x4x3x3xi8>)
      -> !stream.fifo<tensor<1x8x8x8xi20>, lanes = 2, depth = 2>
  func.return %y : !stream.fifo<tensor<1x8x8x8xi20>, lanes = 2, depth = 2>
}

// -----
// CHECK: stream.mac: weight (8, 5, 3, 3) and frame (1, 4, 8, 8) give (1, 8, 8, 8), found (1, 8, 8, 8)
func.func @f(%x: !stream.windows<tensor<1x4x8x8xi8>, lanes = 2, taps = 1, repeat = 4, depth = 2>,
    %w: tensor<8x5x3x3xi8>)
    -> !stream.fifo<tensor<1x8x8x8xi20>, lanes = 2, depth = 2> {
  %y = stream.mac %x, %w {layer = "g_a.0",
      window = #stream.window<kernel = 3, stride = 1, padding = 1>}
      : (!stream.windows<tensor<1x4x8x8xi8>, lanes = 2, taps = 1, repeat = 4, depth = 2>,
         tensor<8x5x3x3xi8>)
      -> !stream.fifo<tensor<1x8x8x8xi20>, lanes = 2, depth = 2>
  func.return %y : !stream.fifo<tensor<1x8x8x8xi20>, lanes = 2, depth = 2>
}

// -----
// CHECK: stream.mac: weight (8, 4, 3, 3) and frame (1, 4, 8, 8) give (1, 8, 4, 4), found (1, 8, 8, 8)
func.func @f(%x: !stream.windows<tensor<1x4x8x8xi8>, lanes = 2, taps = 1, repeat = 4, depth = 2>,
    %w: tensor<8x4x3x3xi8>)
    -> !stream.fifo<tensor<1x8x8x8xi20>, lanes = 2, depth = 2> {
  %y = stream.mac %x, %w {layer = "g_a.0",
      window = #stream.window<kernel = 3, stride = 2, padding = 1>}
      : (!stream.windows<tensor<1x4x8x8xi8>, lanes = 2, taps = 1, repeat = 4, depth = 2>,
         tensor<8x4x3x3xi8>)
      -> !stream.fifo<tensor<1x8x8x8xi20>, lanes = 2, depth = 2>
  func.return %y : !stream.fifo<tensor<1x8x8x8xi20>, lanes = 2, depth = 2>
}

// -----
// CHECK: stream.mac: 2 of 8 output channels at a time need the window 4 times, found repeat = 3
func.func @f(%x: !stream.windows<tensor<1x4x8x8xi8>, lanes = 2, taps = 1, repeat = 3, depth = 2>,
    %w: tensor<8x4x3x3xi8>)
    -> !stream.fifo<tensor<1x8x8x8xi20>, lanes = 2, depth = 2> {
  %y = stream.mac %x, %w {layer = "g_a.0",
      window = #stream.window<kernel = 3, stride = 1, padding = 1>}
      : (!stream.windows<tensor<1x4x8x8xi8>, lanes = 2, taps = 1, repeat = 3, depth = 2>,
         tensor<8x4x3x3xi8>)
      -> !stream.fifo<tensor<1x8x8x8xi20>, lanes = 2, depth = 2>
  func.return %y : !stream.fifo<tensor<1x8x8x8xi20>, lanes = 2, depth = 2>
}

// -----
// CHECK: stream.mac: packing chain must be in 1..7, found 8
func.func @f(%x: !stream.windows<tensor<1x4x8x8xi8>, lanes = 2, taps = 1, repeat = 4, depth = 2>,
    %w: tensor<8x4x3x3xi8>)
    -> !stream.fifo<tensor<1x8x8x8xi20>, lanes = 2, depth = 2> {
  %y = stream.mac %x, %w {layer = "g_a.0",
      window = #stream.window<kernel = 3, stride = 1, padding = 1>,
      packing = #stream.packing<outputs = 2, pixels = 1, chain = 8>}
      : (!stream.windows<tensor<1x4x8x8xi8>, lanes = 2, taps = 1, repeat = 4, depth = 2>,
         tensor<8x4x3x3xi8>)
      -> !stream.fifo<tensor<1x8x8x8xi20>, lanes = 2, depth = 2>
  func.return %y : !stream.fifo<tensor<1x8x8x8xi20>, lanes = 2, depth = 2>
}

// -----
// CHECK: stream.mac: packing chain must be in 1..7, found 0
func.func @f(%x: !stream.windows<tensor<1x4x8x8xi8>, lanes = 2, taps = 1, repeat = 4, depth = 2>,
    %w: tensor<8x4x3x3xi8>)
    -> !stream.fifo<tensor<1x8x8x8xi20>, lanes = 2, depth = 2> {
  %y = stream.mac %x, %w {layer = "g_a.0",
      window = #stream.window<kernel = 3, stride = 1, padding = 1>,
      packing = #stream.packing<outputs = 2, pixels = 1, chain = 0>}
      : (!stream.windows<tensor<1x4x8x8xi8>, lanes = 2, taps = 1, repeat = 4, depth = 2>,
         tensor<8x4x3x3xi8>)
      -> !stream.fifo<tensor<1x8x8x8xi20>, lanes = 2, depth = 2>
  func.return %y : !stream.fifo<tensor<1x8x8x8xi20>, lanes = 2, depth = 2>
}

// -----
// CHECK: stream.mac: weights up to 256 and activations i8 are too large for 2 products in a DSP slice
func.func @f(%x: !stream.windows<tensor<1x4x8x8xi8>, lanes = 2, taps = 1, repeat = 4, depth = 2>,
    %w: tensor<8x4x3x3xi9>)
    -> !stream.fifo<tensor<1x8x8x8xi20>, lanes = 2, depth = 2> {
  %y = stream.mac %x, %w {layer = "g_a.0",
      window = #stream.window<kernel = 3, stride = 1, padding = 1>,
      packing = #stream.packing<outputs = 2, pixels = 1, chain = 1>}
      : (!stream.windows<tensor<1x4x8x8xi8>, lanes = 2, taps = 1, repeat = 4, depth = 2>,
         tensor<8x4x3x3xi9>)
      -> !stream.fifo<tensor<1x8x8x8xi20>, lanes = 2, depth = 2>
  func.return %y : !stream.fifo<tensor<1x8x8x8xi20>, lanes = 2, depth = 2>
}

// -----
// CHECK: stream.mac: weights up to 128 and activations i12 are too large for 2 products in a DSP slice
func.func @f(%x: !stream.windows<tensor<1x4x8x8xi12>, lanes = 2, taps = 1, repeat = 4, depth = 2>,
    %w: tensor<8x4x3x3xi8>)
    -> !stream.fifo<tensor<1x8x8x8xi20>, lanes = 2, depth = 2> {
  %y = stream.mac %x, %w {layer = "g_a.0",
      window = #stream.window<kernel = 3, stride = 1, padding = 1>,
      packing = #stream.packing<outputs = 2, pixels = 1, chain = 1>}
      : (!stream.windows<tensor<1x4x8x8xi12>, lanes = 2, taps = 1, repeat = 4, depth = 2>,
         tensor<8x4x3x3xi8>)
      -> !stream.fifo<tensor<1x8x8x8xi20>, lanes = 2, depth = 2>
  func.return %y : !stream.fifo<tensor<1x8x8x8xi20>, lanes = 2, depth = 2>
}

// -----
// CHECK: stream.mac: packing joins 2 outputs and 1 pixels, found 1 and 1
func.func @f(%x: !stream.windows<tensor<1x4x8x8xi8>, lanes = 2, taps = 1, repeat = 8, depth = 2>,
    %w: tensor<8x4x3x3xi8>)
    -> !stream.fifo<tensor<1x8x8x8xi20>, lanes = 1, depth = 2> {
  %y = stream.mac %x, %w {layer = "g_a.0",
      window = #stream.window<kernel = 3, stride = 1, padding = 1>,
      packing = #stream.packing<outputs = 2, pixels = 1, chain = 1>}
      : (!stream.windows<tensor<1x4x8x8xi8>, lanes = 2, taps = 1, repeat = 8, depth = 2>,
         tensor<8x4x3x3xi8>)
      -> !stream.fifo<tensor<1x8x8x8xi20>, lanes = 1, depth = 2>
  func.return %y : !stream.fifo<tensor<1x8x8x8xi20>, lanes = 1, depth = 2>
}

// -----
// CHECK: stream.requantize: bias must have one element for each of the 8 channels, found shape (4,)
func.func @f(%x: !stream.fifo<tensor<1x8x8x8xi20>, lanes = 2, depth = 2>,
    %b: tensor<4xi32>,
    %m: tensor<8xi32>)
    -> !stream.fifo<tensor<1x8x8x8xi8>, lanes = 2, depth = 2> {
  %y = stream.requantize %x, %b, %m {layer = "g_a.0", shift = 24 : i64}
      : (!stream.fifo<tensor<1x8x8x8xi20>, lanes = 2, depth = 2>,
         tensor<4xi32>,
         tensor<8xi32>)
      -> !stream.fifo<tensor<1x8x8x8xi8>, lanes = 2, depth = 2>
  func.return %y : !stream.fifo<tensor<1x8x8x8xi8>, lanes = 2, depth = 2>
}

// -----
// CHECK: stream.requantize: multiplier must have one element for each of the 8 channels, found shape (4,)
func.func @f(%x: !stream.fifo<tensor<1x8x8x8xi20>, lanes = 2, depth = 2>,
    %b: tensor<8xi32>,
    %m: tensor<4xi32>)
    -> !stream.fifo<tensor<1x8x8x8xi8>, lanes = 2, depth = 2> {
  %y = stream.requantize %x, %b, %m {layer = "g_a.0", shift = 24 : i64}
      : (!stream.fifo<tensor<1x8x8x8xi20>, lanes = 2, depth = 2>,
         tensor<8xi32>,
         tensor<4xi32>)
      -> !stream.fifo<tensor<1x8x8x8xi8>, lanes = 2, depth = 2>
  func.return %y : !stream.fifo<tensor<1x8x8x8xi8>, lanes = 2, depth = 2>
}

// -----
// CHECK: stream.requantize: negative must have one element for each of the 8 channels, found shape (4,)
func.func @f(%x: !stream.fifo<tensor<1x8x8x8xi20>, lanes = 2, depth = 2>,
    %b: tensor<8xi32>,
    %m: tensor<8xi32>,
    %n: tensor<4xi32>)
    -> !stream.fifo<tensor<1x8x8x8xi8>, lanes = 2, depth = 2> {
  %y = stream.requantize %x, %b, %m, %n {layer = "g_a.0", shift = 24 : i64}
      : (!stream.fifo<tensor<1x8x8x8xi20>, lanes = 2, depth = 2>,
         tensor<8xi32>,
         tensor<8xi32>,
         tensor<4xi32>)
      -> !stream.fifo<tensor<1x8x8x8xi8>, lanes = 2, depth = 2>
  func.return %y : !stream.fifo<tensor<1x8x8x8xi8>, lanes = 2, depth = 2>
}

// -----
// CHECK: stream.requantize: shift must be in 0..62, found -1
func.func @f(%x: !stream.fifo<tensor<1x8x8x8xi20>, lanes = 2, depth = 2>,
    %b: tensor<8xi32>,
    %m: tensor<8xi32>)
    -> !stream.fifo<tensor<1x8x8x8xi8>, lanes = 2, depth = 2> {
  %y = stream.requantize %x, %b, %m {layer = "g_a.0", shift = -1 : i64}
      : (!stream.fifo<tensor<1x8x8x8xi20>, lanes = 2, depth = 2>,
         tensor<8xi32>,
         tensor<8xi32>)
      -> !stream.fifo<tensor<1x8x8x8xi8>, lanes = 2, depth = 2>
  func.return %y : !stream.fifo<tensor<1x8x8x8xi8>, lanes = 2, depth = 2>
}

// -----
// CHECK: stream.requantize: expected frames of one shape, found {{.*}}
func.func @f(%x: !stream.fifo<tensor<1x8x8x9xi20>, lanes = 2, depth = 2>,
    %b: tensor<8xi32>,
    %m: tensor<8xi32>)
    -> !stream.fifo<tensor<1x8x8x8xi8>, lanes = 2, depth = 2> {
  %y = stream.requantize %x, %b, %m {layer = "g_a.0", shift = 24 : i64}
      : (!stream.fifo<tensor<1x8x8x9xi20>, lanes = 2, depth = 2>,
         tensor<8xi32>,
         tensor<8xi32>)
      -> !stream.fifo<tensor<1x8x8x8xi8>, lanes = 2, depth = 2>
  func.return %y : !stream.fifo<tensor<1x8x8x8xi8>, lanes = 2, depth = 2>
}

// -----
// CHECK: stream.requantize: expected words of one width, found lanes [4, 2]
func.func @f(%x: !stream.fifo<tensor<1x8x8x8xi20>, lanes = 4, depth = 2>,
    %b: tensor<8xi32>,
    %m: tensor<8xi32>)
    -> !stream.fifo<tensor<1x8x8x8xi8>, lanes = 2, depth = 2> {
  %y = stream.requantize %x, %b, %m {layer = "g_a.0", shift = 24 : i64}
      : (!stream.fifo<tensor<1x8x8x8xi20>, lanes = 4, depth = 2>,
         tensor<8xi32>,
         tensor<8xi32>)
      -> !stream.fifo<tensor<1x8x8x8xi8>, lanes = 2, depth = 2>
  func.return %y : !stream.fifo<tensor<1x8x8x8xi8>, lanes = 2, depth = 2>
}

// -----
// CHECK: stream.convolve: a window of kernel 5 does not fit the weight (8, 4, 3, 3)
func.func @f(%x: !stream.windows<tensor<1x4x8x8xi8>, lanes = 2, taps = 1, repeat = 4, depth = 2>,
    %w: tensor<8x4x3x3xi8>,
    %b: tensor<8xi32>,
    %m: tensor<8xi32>)
    -> !stream.fifo<tensor<1x8x8x8xi8>, lanes = 2, depth = 2> {
  %y = stream.convolve %x, %w, %b, %m {layer = "g_a.0",
      window = #stream.window<kernel = 5, stride = 1, padding = 2>,
      shift = 24 : i64, accumulator = i20}
      : (!stream.windows<tensor<1x4x8x8xi8>, lanes = 2, taps = 1, repeat = 4, depth = 2>,
         tensor<8x4x3x3xi8>,
         tensor<8xi32>,
         tensor<8xi32>)
      -> !stream.fifo<tensor<1x8x8x8xi8>, lanes = 2, depth = 2>
  func.return %y : !stream.fifo<tensor<1x8x8x8xi8>, lanes = 2, depth = 2>
}

// -----
// CHECK: stream.convolve: bias must have one element for each of the 8 channels, found shape (4,)
func.func @f(%x: !stream.windows<tensor<1x4x8x8xi8>, lanes = 2, taps = 1, repeat = 4, depth = 2>,
    %w: tensor<8x4x3x3xi8>,
    %b: tensor<4xi32>,
    %m: tensor<8xi32>)
    -> !stream.fifo<tensor<1x8x8x8xi8>, lanes = 2, depth = 2> {
  %y = stream.convolve %x, %w, %b, %m {layer = "g_a.0",
      window = #stream.window<kernel = 3, stride = 1, padding = 1>,
      shift = 24 : i64, accumulator = i20}
      : (!stream.windows<tensor<1x4x8x8xi8>, lanes = 2, taps = 1, repeat = 4, depth = 2>,
         tensor<8x4x3x3xi8>,
         tensor<4xi32>,
         tensor<8xi32>)
      -> !stream.fifo<tensor<1x8x8x8xi8>, lanes = 2, depth = 2>
  func.return %y : !stream.fifo<tensor<1x8x8x8xi8>, lanes = 2, depth = 2>
}

// -----
// CHECK: stream.convolve: negative must have one element for each of the 8 channels, found shape (4,)
func.func @f(%x: !stream.windows<tensor<1x4x8x8xi8>, lanes = 2, taps = 1, repeat = 4, depth = 2>,
    %w: tensor<8x4x3x3xi8>,
    %b: tensor<8xi32>,
    %m: tensor<8xi32>,
    %n: tensor<4xi32>)
    -> !stream.fifo<tensor<1x8x8x8xi8>, lanes = 2, depth = 2> {
  %y = stream.convolve %x, %w, %b, %m, %n {layer = "g_a.0",
      window = #stream.window<kernel = 3, stride = 1, padding = 1>,
      shift = 24 : i64, accumulator = i20}
      : (!stream.windows<tensor<1x4x8x8xi8>, lanes = 2, taps = 1, repeat = 4, depth = 2>,
         tensor<8x4x3x3xi8>,
         tensor<8xi32>,
         tensor<8xi32>,
         tensor<4xi32>)
      -> !stream.fifo<tensor<1x8x8x8xi8>, lanes = 2, depth = 2>
  func.return %y : !stream.fifo<tensor<1x8x8x8xi8>, lanes = 2, depth = 2>
}

// -----
// CHECK: stream.convolve: shift must be in 0..62, found 63
func.func @f(%x: !stream.windows<tensor<1x4x8x8xi8>, lanes = 2, taps = 1, repeat = 4, depth = 2>,
    %w: tensor<8x4x3x3xi8>,
    %b: tensor<8xi32>,
    %m: tensor<8xi32>)
    -> !stream.fifo<tensor<1x8x8x8xi8>, lanes = 2, depth = 2> {
  %y = stream.convolve %x, %w, %b, %m {layer = "g_a.0",
      window = #stream.window<kernel = 3, stride = 1, padding = 1>,
      shift = 63 : i64, accumulator = i20}
      : (!stream.windows<tensor<1x4x8x8xi8>, lanes = 2, taps = 1, repeat = 4, depth = 2>,
         tensor<8x4x3x3xi8>,
         tensor<8xi32>,
         tensor<8xi32>)
      -> !stream.fifo<tensor<1x8x8x8xi8>, lanes = 2, depth = 2>
  func.return %y : !stream.fifo<tensor<1x8x8x8xi8>, lanes = 2, depth = 2>
}

// -----
// CHECK: stream.normalize: beta must have one element for each of the 4 channels, found shape (3,)
func.func @f(%x: !stream.fifo<tensor<1x4x8x8xi12>, lanes = 2, depth = 2>,
    %beta: tensor<3xi64>,
    %gamma: tensor<4x4xui16>,
    %m: tensor<4xi32>)
    -> !stream.fifo<tensor<1x4x8x8xi8>, lanes = 2, depth = 2> {
  %y = stream.normalize %x, %beta, %gamma, %m {layer = "g_a.1", norm = #gdn<norm l2>, shift = 30 : i64}
      : (!stream.fifo<tensor<1x4x8x8xi12>, lanes = 2, depth = 2>,
         tensor<3xi64>,
         tensor<4x4xui16>,
         tensor<4xi32>)
      -> !stream.fifo<tensor<1x4x8x8xi8>, lanes = 2, depth = 2>
  func.return %y : !stream.fifo<tensor<1x4x8x8xi8>, lanes = 2, depth = 2>
}

// -----
// CHECK: stream.normalize: gamma must be 4 x 4, found (4, 3)
func.func @f(%x: !stream.fifo<tensor<1x4x8x8xi12>, lanes = 2, depth = 2>,
    %beta: tensor<4xi64>,
    %gamma: tensor<4x3xui16>,
    %m: tensor<4xi32>)
    -> !stream.fifo<tensor<1x4x8x8xi8>, lanes = 2, depth = 2> {
  %y = stream.normalize %x, %beta, %gamma, %m {layer = "g_a.1", norm = #gdn<norm l2>, shift = 30 : i64}
      : (!stream.fifo<tensor<1x4x8x8xi12>, lanes = 2, depth = 2>,
         tensor<4xi64>,
         tensor<4x3xui16>,
         tensor<4xi32>)
      -> !stream.fifo<tensor<1x4x8x8xi8>, lanes = 2, depth = 2>
  func.return %y : !stream.fifo<tensor<1x4x8x8xi8>, lanes = 2, depth = 2>
}

// -----
// CHECK: stream.normalize: multiplier must have one element for each of the 4 channels, found shape (3,)
func.func @f(%x: !stream.fifo<tensor<1x4x8x8xi12>, lanes = 2, depth = 2>,
    %beta: tensor<4xi64>,
    %gamma: tensor<4x4xui16>,
    %m: tensor<3xi32>)
    -> !stream.fifo<tensor<1x4x8x8xi8>, lanes = 2, depth = 2> {
  %y = stream.normalize %x, %beta, %gamma, %m {layer = "g_a.1", norm = #gdn<norm l2>, shift = 30 : i64}
      : (!stream.fifo<tensor<1x4x8x8xi12>, lanes = 2, depth = 2>,
         tensor<4xi64>,
         tensor<4x4xui16>,
         tensor<3xi32>)
      -> !stream.fifo<tensor<1x4x8x8xi8>, lanes = 2, depth = 2>
  func.return %y : !stream.fifo<tensor<1x4x8x8xi8>, lanes = 2, depth = 2>
}

// -----
// CHECK: stream.normalize: shift must be in -62..110, found 111
func.func @f(%x: !stream.fifo<tensor<1x4x8x8xi12>, lanes = 2, depth = 2>,
    %beta: tensor<4xi64>,
    %gamma: tensor<4x4xui16>,
    %m: tensor<4xi32>)
    -> !stream.fifo<tensor<1x4x8x8xi8>, lanes = 2, depth = 2> {
  %y = stream.normalize %x, %beta, %gamma, %m {layer = "g_a.1", norm = #gdn<norm l2>, shift = 111 : i64}
      : (!stream.fifo<tensor<1x4x8x8xi12>, lanes = 2, depth = 2>,
         tensor<4xi64>,
         tensor<4x4xui16>,
         tensor<4xi32>)
      -> !stream.fifo<tensor<1x4x8x8xi8>, lanes = 2, depth = 2>
  func.return %y : !stream.fifo<tensor<1x4x8x8xi8>, lanes = 2, depth = 2>
}

// -----
// CHECK: stream.normalize: expected frames of one shape, found {{.*}}
func.func @f(%x: !stream.fifo<tensor<1x4x8x8xi12>, lanes = 2, depth = 2>,
    %beta: tensor<4xi64>,
    %gamma: tensor<4x4xui16>,
    %m: tensor<4xi32>)
    -> !stream.fifo<tensor<1x4x8x9xi8>, lanes = 2, depth = 2> {
  %y = stream.normalize %x, %beta, %gamma, %m {layer = "g_a.1", norm = #gdn<norm l2>, shift = 30 : i64}
      : (!stream.fifo<tensor<1x4x8x8xi12>, lanes = 2, depth = 2>,
         tensor<4xi64>,
         tensor<4x4xui16>,
         tensor<4xi32>)
      -> !stream.fifo<tensor<1x4x8x9xi8>, lanes = 2, depth = 2>
  func.return %y : !stream.fifo<tensor<1x4x8x9xi8>, lanes = 2, depth = 2>
}

// -----
// CHECK: stream.offset: offset must have one element for each of the 4 channels, found shape (3,)
func.func @f(%x: !stream.fifo<tensor<1x4x8x8xi16>, lanes = 2, depth = 2>,
    %m: tensor<3xi32>)
    -> !stream.fifo<tensor<1x4x8x8xi16>, lanes = 2, depth = 2> {
  %y = stream.offset %x, %m {layer = "g_s.median", shift = 6 : i64}
      : (!stream.fifo<tensor<1x4x8x8xi16>, lanes = 2, depth = 2>,
         tensor<3xi32>)
      -> !stream.fifo<tensor<1x4x8x8xi16>, lanes = 2, depth = 2>
  func.return %y : !stream.fifo<tensor<1x4x8x8xi16>, lanes = 2, depth = 2>
}

// -----
// CHECK: stream.offset: shift must be in 0..62, found 63
func.func @f(%x: !stream.fifo<tensor<1x4x8x8xi16>, lanes = 2, depth = 2>,
    %m: tensor<4xi32>)
    -> !stream.fifo<tensor<1x4x8x8xi16>, lanes = 2, depth = 2> {
  %y = stream.offset %x, %m {layer = "g_s.median", shift = 63 : i64}
      : (!stream.fifo<tensor<1x4x8x8xi16>, lanes = 2, depth = 2>,
         tensor<4xi32>)
      -> !stream.fifo<tensor<1x4x8x8xi16>, lanes = 2, depth = 2>
  func.return %y : !stream.fifo<tensor<1x4x8x8xi16>, lanes = 2, depth = 2>
}

// -----
// CHECK: stream.offset: expected words of one width, found lanes [2, 4]
func.func @f(%x: !stream.fifo<tensor<1x4x8x8xi16>, lanes = 2, depth = 2>,
    %m: tensor<4xi32>)
    -> !stream.fifo<tensor<1x4x8x8xi16>, lanes = 4, depth = 2> {
  %y = stream.offset %x, %m {layer = "g_s.median", shift = 6 : i64}
      : (!stream.fifo<tensor<1x4x8x8xi16>, lanes = 2, depth = 2>,
         tensor<4xi32>)
      -> !stream.fifo<tensor<1x4x8x8xi16>, lanes = 4, depth = 2>
  func.return %y : !stream.fifo<tensor<1x4x8x8xi16>, lanes = 4, depth = 2>
}

// -----
// CHECK: stream.abs: expected words of one width, found lanes [2, 4]
func.func @f(%x: !stream.fifo<tensor<1x4x8x8xi8>, lanes = 2, depth = 2>)
    -> !stream.fifo<tensor<1x4x8x8xi8>, lanes = 4, depth = 2> {
  %y = stream.abs %x {layer = "layer"}
      : (!stream.fifo<tensor<1x4x8x8xi8>, lanes = 2, depth = 2>)
      -> !stream.fifo<tensor<1x4x8x8xi8>, lanes = 4, depth = 2>
  func.return %y : !stream.fifo<tensor<1x4x8x8xi8>, lanes = 4, depth = 2>
}

// -----
// CHECK: stream.width_converter: expected frames of one shape, found {{.*}}
func.func @f(%x: !stream.fifo<tensor<1x4x8x8xi8>, lanes = 2, depth = 2>)
    -> !stream.fifo<tensor<1x4x8x9xi8>, lanes = 2, depth = 2> {
  %y = stream.width_converter %x {layer = "layer"}
      : (!stream.fifo<tensor<1x4x8x8xi8>, lanes = 2, depth = 2>)
      -> !stream.fifo<tensor<1x4x8x9xi8>, lanes = 2, depth = 2>
  func.return %y : !stream.fifo<tensor<1x4x8x9xi8>, lanes = 2, depth = 2>
}

// -----
// CHECK: stream.width_converter: input and result must carry the same frame
func.func @f(%x: !stream.fifo<tensor<1x4x8x8xi8>, lanes = 2, depth = 2>)
    -> !stream.fifo<tensor<1x4x8x8xi9>, lanes = 4, depth = 2> {
  %y = stream.width_converter %x {layer = "layer"}
      : (!stream.fifo<tensor<1x4x8x8xi8>, lanes = 2, depth = 2>)
      -> !stream.fifo<tensor<1x4x8x8xi9>, lanes = 4, depth = 2>
  func.return %y : !stream.fifo<tensor<1x4x8x8xi9>, lanes = 4, depth = 2>
}

// -----
// CHECK: stream.add: expected words of one width, found lanes [2, 4, 2]
func.func @f(%x: !stream.fifo<tensor<1x4x8x8xi8>, lanes = 2, depth = 2>,
    %z: !stream.fifo<tensor<1x4x8x8xi8>, lanes = 4, depth = 2>)
    -> !stream.fifo<tensor<1x4x8x8xi9>, lanes = 2, depth = 2> {
  %y = stream.add %x, %z {layer = "add"}
      : (!stream.fifo<tensor<1x4x8x8xi8>, lanes = 2, depth = 2>,
         !stream.fifo<tensor<1x4x8x8xi8>, lanes = 4, depth = 2>)
      -> !stream.fifo<tensor<1x4x8x8xi9>, lanes = 2, depth = 2>
  func.return %y : !stream.fifo<tensor<1x4x8x8xi9>, lanes = 2, depth = 2>
}

// -----
// CHECK: stream.fork: expected words of one width, found lanes [2, 2, 4]
func.func @f(%x: !stream.fifo<tensor<1x4x8x8xi8>, lanes = 2, depth = 2>)
    -> (!stream.fifo<tensor<1x4x8x8xi8>, lanes = 2, depth = 2>,
        !stream.fifo<tensor<1x4x8x8xi8>, lanes = 4, depth = 2>) {
  %y, %z = stream.fork %x {layer = "fork"} : (!stream.fifo<tensor<1x4x8x8xi8>, lanes = 2, depth = 2>)
      -> (!stream.fifo<tensor<1x4x8x8xi8>, lanes = 2, depth = 2>,
          !stream.fifo<tensor<1x4x8x8xi8>, lanes = 4, depth = 2>)
  func.return %y, %z : !stream.fifo<tensor<1x4x8x8xi8>, lanes = 2, depth = 2>,
      !stream.fifo<tensor<1x4x8x8xi8>, lanes = 4, depth = 2>
}

// -----
// CHECK: stream.packing: outputs and pixels must be 2 and 1, 1 and 2, or 2 and 2, found 1 and 1
func.func @f() {
  func.return {p = #stream.packing<outputs = 1, pixels = 1, chain = 2>}
}

// -----
// CHECK: stream.line_buffer: 9 pixels of a row cannot be taken 2 at a time
func.func @f(%x: !stream.fifo<tensor<1x4x8x9xi8>, lanes = 2, depth = 2>)
    -> !stream.windows<tensor<1x4x8x9xi8>, lanes = 2, taps = 1, repeat = 4, depth = 2, pixels = 2> {
  %y = stream.line_buffer %x {layer = "g_a.0",
      window = #stream.window<kernel = 3, stride = 1, padding = 1>}
      : (!stream.fifo<tensor<1x4x8x9xi8>, lanes = 2, depth = 2>)
      -> !stream.windows<tensor<1x4x8x9xi8>, lanes = 2, taps = 1, repeat = 4, depth = 2, pixels = 2>
  func.return %y : !stream.windows<tensor<1x4x8x9xi8>, lanes = 2, taps = 1, repeat = 4, depth = 2, pixels = 2>
}

// -----
// CHECK: stream.mac: 2 pixels at a time need all 8 output channels side by side, found 2
func.func @f(%x: !stream.windows<tensor<1x4x8x8xi8>, lanes = 2, taps = 1, repeat = 4, depth = 2, pixels = 2>,
    %w: tensor<8x4x3x3xi8>)
    -> !stream.fifo<tensor<1x8x8x8xi20>, lanes = 2, depth = 2> {
  %y = stream.mac %x, %w {layer = "g_a.0",
      window = #stream.window<kernel = 3, stride = 1, padding = 1>}
      : (!stream.windows<tensor<1x4x8x8xi8>, lanes = 2, taps = 1, repeat = 4, depth = 2, pixels = 2>,
         tensor<8x4x3x3xi8>)
      -> !stream.fifo<tensor<1x8x8x8xi20>, lanes = 2, depth = 2>
  func.return %y : !stream.fifo<tensor<1x8x8x8xi20>, lanes = 2, depth = 2>
}

// -----
// CHECK: stream.mac: products in LUTs do not share a DSP slice
func.func @f(%x: !stream.windows<tensor<1x4x8x8xi8>, lanes = 2, taps = 1, repeat = 4, depth = 2>,
    %w: tensor<8x4x3x3xi8>)
    -> !stream.fifo<tensor<1x8x8x8xi20>, lanes = 2, depth = 2> {
  %y = stream.mac %x, %w {layer = "g_a.0", products = #stream<multiplier lut>,
      window = #stream.window<kernel = 3, stride = 1, padding = 1>,
      packing = #stream.packing<outputs = 2, pixels = 1, chain = 1>}
      : (!stream.windows<tensor<1x4x8x8xi8>, lanes = 2, taps = 1, repeat = 4, depth = 2>,
         tensor<8x4x3x3xi8>)
      -> !stream.fifo<tensor<1x8x8x8xi20>, lanes = 2, depth = 2>
  func.return %y : !stream.fifo<tensor<1x8x8x8xi20>, lanes = 2, depth = 2>
}

// -----
// CHECK: stream.convolve: outputs must be a multiple of the result's 2 lanes, found 3
func.func @f(%x: !stream.windows<tensor<1x4x8x8xi8>, lanes = 2, taps = 1, repeat = 3, depth = 2>,
    %w: tensor<8x4x3x3xi8>, %b: tensor<8xi32>, %m: tensor<8xi32>)
    -> !stream.fifo<tensor<1x8x8x8xi8>, lanes = 2, depth = 2> {
  %y = stream.convolve %x, %w, %b, %m {layer = "g_a.0", shift = 20 : i64, accumulator = i20,
      window = #stream.window<kernel = 3, stride = 1, padding = 1>, outputs = 3 : i64}
      : (!stream.windows<tensor<1x4x8x8xi8>, lanes = 2, taps = 1, repeat = 3, depth = 2>,
         tensor<8x4x3x3xi8>, tensor<8xi32>, tensor<8xi32>)
      -> !stream.fifo<tensor<1x8x8x8xi8>, lanes = 2, depth = 2>
  func.return %y : !stream.fifo<tensor<1x8x8x8xi8>, lanes = 2, depth = 2>
}

// -----
// CHECK: stream.convolve: what 3 steps sum up must leave in as many words, found 4
func.func @f(%x: !stream.windows<tensor<1x4x8x8xi8>, lanes = 4, taps = 3, repeat = 2, depth = 2>,
    %w: tensor<8x4x3x3xi8>, %b: tensor<8xi32>, %m: tensor<8xi32>)
    -> !stream.fifo<tensor<1x8x8x8xi8>, lanes = 1, depth = 2> {
  %y = stream.convolve %x, %w, %b, %m {layer = "g_a.0", shift = 20 : i64, accumulator = i20,
      window = #stream.window<kernel = 3, stride = 1, padding = 1>, outputs = 4 : i64}
      : (!stream.windows<tensor<1x4x8x8xi8>, lanes = 4, taps = 3, repeat = 2, depth = 2>,
         tensor<8x4x3x3xi8>, tensor<8xi32>, tensor<8xi32>)
      -> !stream.fifo<tensor<1x8x8x8xi8>, lanes = 1, depth = 2>
  func.return %y : !stream.fifo<tensor<1x8x8x8xi8>, lanes = 1, depth = 2>
}
