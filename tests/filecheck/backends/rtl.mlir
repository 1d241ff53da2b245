// RUN: licc-opt %s -t rtl | filecheck %s
// RUN: licc-opt %s -t 'rtl{function=copies}' | filecheck %s --check-prefix=ONE

func.func @halves(%x: !stream.fifo<tensor<1x3x2x2xi8>, lanes = 3, depth = 2>)
    -> !stream.fifo<tensor<1x3x2x2xui7>, lanes = 1, depth = 40> {
  %y = stream.abs %x {layer = "halves.0"}
      : (!stream.fifo<tensor<1x3x2x2xi8>, lanes = 3, depth = 2>)
      -> !stream.fifo<tensor<1x3x2x2xui7>, lanes = 3, depth = 5>
  %z = stream.width_converter %y {layer = "halves.1"}
      : (!stream.fifo<tensor<1x3x2x2xui7>, lanes = 3, depth = 5>)
      -> !stream.fifo<tensor<1x3x2x2xui7>, lanes = 1, depth = 40>
  func.return %z : !stream.fifo<tensor<1x3x2x2xui7>, lanes = 1, depth = 40>
}

// CHECK:      // halves: 3 x 2 x 2 integers of 8 bits in words of 3 in, 3 x 2 x 2 integers of 7 bits in words of 1 out.
// CHECK-NEXT: module halves (
// CHECK:        input logic [23:0] in_tdata,
// CHECK:        output logic [7:0] out_tdata,
// CHECK:        logic halves_0_absolute_out_valid, halves_0_absolute_out_take;
// CHECK-NEXT:   logic [20:0] halves_0_absolute_out_data;
// CHECK:        halves_0_absolute halves_0_absolute_actor (
// CHECK:          .in_valid(halves_read_axis_out_valid),
// CHECK:          .out_take(halves_0_absolute_out_take)
// CHECK:      module halves_0_absolute (
// CHECK:        licc_absolute #(
// CHECK-NEXT:     .INPUT_BITS(8),
// CHECK-NEXT:     .INPUT_SIGNED(1),
// CHECK-NEXT:     .OUTPUT_BITS(7),
// CHECK-NEXT:     .OUTPUT_SIGNED(0),
// CHECK-NEXT:     .LANES(3),
// CHECK-NEXT:     .OUT_DEPTH(5),
// CHECK-NEXT:     .OUT_MEMORY("lutram")
// CHECK-NEXT:   ) actor (
// CHECK:        licc_convert_width #(
// CHECK:          .STEPS(3),
// CHECK-NEXT:     .OUT_DEPTH(40),

func.func @copies(%x: !stream.fifo<tensor<1x1x2x2xi8>, lanes = 1, depth = 2>)
    -> !stream.fifo<tensor<1x1x2x2xi9>, lanes = 1, depth = 2> {
  %a, %b = stream.fork %x {layer = "copies"}
      : (!stream.fifo<tensor<1x1x2x2xi8>, lanes = 1, depth = 2>)
      -> (!stream.fifo<tensor<1x1x2x2xi8>, lanes = 1, depth = 2>,
          !stream.fifo<tensor<1x1x2x2xi8>, lanes = 1, depth = 3>)
  %y = stream.add %a, %b {layer = "copies"}
      : (!stream.fifo<tensor<1x1x2x2xi8>, lanes = 1, depth = 2>,
         !stream.fifo<tensor<1x1x2x2xi8>, lanes = 1, depth = 3>)
      -> !stream.fifo<tensor<1x1x2x2xi9>, lanes = 1, depth = 2>
  func.return %y : !stream.fifo<tensor<1x1x2x2xi9>, lanes = 1, depth = 2>
}

// ONE-NOT:  halves
// ONE:      copies_add copies_add_actor (
// ONE:        .lhs_data(copies_fork_out_data),
// ONE:        .rhs_data(copies_fork_out_2_data),
// ONE:      licc_fork #(
// ONE-NEXT:   .BITS(8),
// ONE-NEXT:   .OUT_DEPTH(2),
// ONE-NEXT:   .OUT_MEMORY("lutram"),
// ONE-NEXT:   .SECOND_DEPTH(3),
