// RUN: licc-opt %s -p 'select-direction{direction="encoder"}' --verify-diagnostics | filecheck %s --check-prefix=ENCODER
// RUN: licc-opt %s -p 'select-direction{direction="decoder"}' --verify-diagnostics | filecheck %s --check-prefix=DECODER
// RUN: licc-opt %s -p 'select-direction{direction="both"}' | filecheck %s --check-prefix=BOTH

// ENCODER: select-direction: the model has no encoder: no @g_a among h_a, h_s
// DECODER: select-direction: the model has no decoder: no @g_s among h_a, h_s
// BOTH: @h_a
// BOTH: @h_s
func.func @h_a() {
  func.return
}
func.func @h_s() {
  func.return
}
