// RUN: licc-opt %s -p 'assign-precision{weights=17}' --verify-diagnostics | filecheck %s --check-prefix=WEIGHTS
// RUN: licc-opt %s -p 'assign-precision{weights=1}' --verify-diagnostics | filecheck %s --check-prefix=WEIGHT
// RUN: licc-opt %s -p 'assign-precision{activations=3}' --verify-diagnostics | filecheck %s --check-prefix=ACTIVATIONS
// RUN: licc-opt %s -p 'assign-precision{normalization=7}' --verify-diagnostics | filecheck %s --check-prefix=NORMALIZATION
// RUN: licc-opt %s -p assign-precision --verify-diagnostics | filecheck %s --check-prefix=RANGE

// WEIGHTS: assign-precision: weights must be in 2..16, found 17
// WEIGHT: assign-precision: weights must be in 2..16, found 1
// ACTIVATIONS: assign-precision: activations must be in 4..16, found 3
// NORMALIZATION: assign-precision: normalization must be in 8..16, found 7
// RANGE: assign-precision: {{.*}}nn.relu{{.*}} has no calibrated range; run calibrate first
func.func @f(%x: tensor<1x1x4x4xf32, #quant.uniform<ui8, 0.5>>) {
  %0 = nn.relu %x {layer = "g_a.0"}
      : (tensor<1x1x4x4xf32, #quant.uniform<ui8, 0.5>>) -> tensor<1x1x4x4xf32>
  func.return
}
