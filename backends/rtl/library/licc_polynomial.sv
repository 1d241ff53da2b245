// base + slope * t / 2^F, with t the fraction of F bits, rounded, 4 cycles later: a line. Of PARABOLAS the
// slope itself is slope + bend * t / 2^F, rounded, the base has four bits more, which are rounded away, and
// the result comes 8 cycles later. One slice each.
module licc_polynomial #(
    parameter bit PARABOLAS = 0,
    parameter int FRACTION_BITS = 9,
    parameter int BASE_BITS = 18,
    parameter int SLOPE_BITS = 11,
    parameter int BEND_BITS = 1
) (
    input  logic                     clock,
    input  logic [FRACTION_BITS-1:0] fraction,
    input  logic [    BASE_BITS-1:0] base,
    input  logic [   SLOPE_BITS-1:0] slope,
    input  logic [    BEND_BITS-1:0] bend,
    output logic [             17:0] factor
);
  localparam int Guard = PARABOLAS ? 4 : 0;
  localparam bit [47:0] Half = 48'd1 << (FRACTION_BITS - 1);
  localparam bit [47:0] GuardHalf = PARABOLAS ? 48'd8 << FRACTION_BITS : '0;
  wire [17:0] steepness;
  wire [FRACTION_BITS-1:0] fraction_then;
  wire [BASE_BITS-1:0] base_then, base_later;
  if (PARABOLAS) begin : g_bend
    wire [SLOPE_BITS-1:0] slope_2;
    wire [17:0] factor_bend = 18'($signed(bend));
    wire [47:0] sum, unused_above;
    licc_delay #(
        .BITS  (SLOPE_BITS),
        .CYCLES(2)
    ) slopes (
        .clock, .in(slope), .out(slope_2)
    );
    licc_delay #(
        .BITS  (FRACTION_BITS + BASE_BITS),
        .CYCLES(4)
    ) others (
        .clock, .in({fraction, base}), .out({fraction_then, base_then})
    );
    licc_slice #(
        .ADDS_C(1)
    ) slice (
        .clock,
        .a(27'(fraction)),
        .d('0),
        .b(factor_bend),
        .c((48'($signed(slope_2)) << FRACTION_BITS) + Half),
        .below('0),
        .above(unused_above),
        .p(sum)
    );
    assign steepness = sum[FRACTION_BITS+:18];
    wire unused = &{1'b0, sum};
  end else begin : g_line
    assign steepness = 18'($signed(slope));
    assign fraction_then = fraction;
    assign base_then = base;
    wire unused = &{1'b0, bend};
  end
  licc_delay #(
      .BITS  (BASE_BITS),
      .CYCLES(2)
  ) bases (
      .clock, .in(base_then), .out(base_later)
  );
  wire [47:0] p, unused_above;
  licc_slice #(
      .ADDS_C(1)
  ) slice (
      .clock,
      .a(27'(fraction_then)),
      .d('0),
      .b(steepness),
      .c((48'(base_later) << FRACTION_BITS) + Half + GuardHalf),
      .below('0),
      .above(unused_above),
      .p
  );
  assign factor = p[FRACTION_BITS+Guard+:18];
  wire unused_p = &{1'b0, p};
endmodule
