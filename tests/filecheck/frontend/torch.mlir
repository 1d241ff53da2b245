// RUN: licc-opt %s | licc-opt | filecheck %s

// The generic text that torch-mlir writes is licc's import level.

// CHECK:      func.func @g_a(%x: !torch.vtensor<[1,2,4,4],f32>) -> !torch.vtensor<[1,3,2,2],f32> {
// CHECK-NEXT:   %w = "torch.vtensor.literal"() <{value = dense<2.500000e-01> : tensor<3x2x2x2xf32>}> : () -> !torch.vtensor<[3,2,2,2],f32>
// CHECK-NEXT:   %none = "torch.constant.none"() : () -> !torch.none
// CHECK-NEXT:   %no = "torch.constant.bool"() <{value = false}> : () -> !torch.bool
// CHECK-NEXT:   %zero = "torch.constant.int"() <{value = 0 : i64}> : () -> !torch.int
// CHECK-NEXT:   %one = "torch.constant.int"() <{value = 1 : i64}> : () -> !torch.int
// CHECK-NEXT:   %two = "torch.constant.int"() <{value = 2 : i64}> : () -> !torch.int
// CHECK-NEXT:   %zeros = "torch.prim.ListConstruct"(%zero, %zero) : (!torch.int, !torch.int) -> !torch.list<int>
// CHECK-NEXT:   %ones = "torch.prim.ListConstruct"(%one, %one) : (!torch.int, !torch.int) -> !torch.list<int>
// CHECK-NEXT:   %twos = "torch.prim.ListConstruct"(%two, %two) : (!torch.int, !torch.int) -> !torch.list<int>
// CHECK-NEXT:   %a = "torch.aten.convolution"(%x, %w, %none, %twos, %zeros, %ones, %no, %zeros, %one) {module = "0", source = "aten.conv2d.default"} : (!torch.vtensor<[1,2,4,4],f32>, !torch.vtensor<[3,2,2,2],f32>, !torch.none, !torch.list<int>, !torch.list<int>, !torch.list<int>, !torch.bool, !torch.list<int>, !torch.int) -> !torch.vtensor<[1,3,2,2],f32>
// CHECK-NEXT:   %y = "torch.aten.relu"(%a) {module = "1", source = "aten.relu.default"} : (!torch.vtensor<[1,3,2,2],f32>) -> !torch.vtensor<[1,3,2,2],f32>
// CHECK-NEXT:   func.return %y : !torch.vtensor<[1,3,2,2],f32>

"builtin.module"() ({
  "func.func"() <{function_type = (!torch.vtensor<[1,2,4,4],f32>) -> !torch.vtensor<[1,3,2,2],f32>, sym_name = "g_a"}> ({
  ^bb0(%x: !torch.vtensor<[1,2,4,4],f32>):
    %w = "torch.vtensor.literal"() <{value = dense<2.5e-01> : tensor<3x2x2x2xf32>}> : () -> !torch.vtensor<[3,2,2,2],f32>
    %none = "torch.constant.none"() : () -> !torch.none
    %no = "torch.constant.bool"() <{value = false}> : () -> !torch.bool
    %zero = "torch.constant.int"() <{value = 0 : i64}> : () -> !torch.int
    %one = "torch.constant.int"() <{value = 1 : i64}> : () -> !torch.int
    %two = "torch.constant.int"() <{value = 2 : i64}> : () -> !torch.int
    %zeros = "torch.prim.ListConstruct"(%zero, %zero) : (!torch.int, !torch.int) -> !torch.list<int>
    %ones = "torch.prim.ListConstruct"(%one, %one) : (!torch.int, !torch.int) -> !torch.list<int>
    %twos = "torch.prim.ListConstruct"(%two, %two) : (!torch.int, !torch.int) -> !torch.list<int>
    %a = "torch.aten.convolution"(%x, %w, %none, %twos, %zeros, %ones, %no, %zeros, %one) {module = "0", source = "aten.conv2d.default"} : (!torch.vtensor<[1,2,4,4],f32>, !torch.vtensor<[3,2,2,2],f32>, !torch.none, !torch.list<int>, !torch.list<int>, !torch.list<int>, !torch.bool, !torch.list<int>, !torch.int) -> !torch.vtensor<[1,3,2,2],f32>
    %y = "torch.aten.relu"(%a) {module = "1", source = "aten.relu.default"} : (!torch.vtensor<[1,3,2,2],f32>) -> !torch.vtensor<[1,3,2,2],f32>
    "func.return"(%y) : (!torch.vtensor<[1,3,2,2],f32>) -> ()
  }) : () -> ()
}) : () -> ()
