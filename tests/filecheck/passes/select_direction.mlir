// RUN: licc-opt %s -p 'select-direction{direction="encoder"}' | filecheck %s --check-prefix=ENCODER
// RUN: licc-opt %s -p 'select-direction{direction="decoder"}' | filecheck %s --check-prefix=DECODER
// RUN: licc-opt %s -p select-direction | filecheck %s --check-prefix=BOTH
// RUN: licc-opt %s -p 'select-direction{direction="up"}' --verify-diagnostics | filecheck %s --check-prefix=UNKNOWN

// UNKNOWN: select-direction: direction must be one of encoder, decoder, both, found up

// ENCODER: @g_a
// ENCODER: @h_a
// ENCODER: @h_s
// ENCODER-NOT: @g_s

// DECODER-NOT: @g_a
// DECODER-NOT: @h_a
// DECODER: @h_s
// DECODER: @g_s

// BOTH: @g_a
// BOTH: @h_a
// BOTH: @h_s
// BOTH: @g_s
// BOTH-NOT: @other

func.func @g_a() {
  func.return
}
func.func @h_a() {
  func.return
}
func.func @h_s() {
  func.return
}
func.func @g_s() {
  func.return
}
func.func @other() {
  func.return
}
