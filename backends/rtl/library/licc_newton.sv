// A step of Newton's iteration from a seed, on a 2^12 scale, for a mantissa m of 18 bits; docs/gdn.md.
//   l1          seed + seed * d,       d = (2^30 - m * seed) >> 6
//   l2 inverse  seed + weight * d,     d = (m << 6) - seed^2
//   l2          seed + seed * d / 2,   d = (2^37 - near * seed) >> 13,   near = (m * seed) >> 5
// with d on a 2^24 scale, rounded to 2^16. Two slices, 8 cycles; three and 12 for l2.
module licc_newton #(
    parameter bit L1 = 0,
    parameter bit INVERSE = 0,
    parameter int SEED_BITS = 13,
    parameter int WEIGHT_BITS = 12
) (
    input  logic                   clock,
    input  logic [           17:0] mantissa,
    input  logic [  SEED_BITS-1:0] seed,
    input  logic [WEIGHT_BITS-1:0] weight,
    output logic [           17:0] factor
);
  localparam bit Near = !L1 && !INVERSE;
  localparam int Dropped = L1 ? 6 : INVERSE ? 0 : 13;  // bits of d
  localparam int Scaled = Near ? 21 : 20;  // bits of the result, one more for the half of l2

  // What the seed is multiplied with, and the seed then.
  wire [26:0] by;
  wire [SEED_BITS-1:0] seed_then;
  wire [47:0] rest, full, unused_rest_above;
  if (Near) begin : g_near
    wire [47:0] near, unused_above;
    licc_slice slice (
        .clock,
        .a(27'(mantissa)),
        .d('0),
        .b(18'(seed)),
        .c('0),
        .below('0),
        .above(unused_above),
        .p(near)
    );
    licc_delay #(
        .BITS  (SEED_BITS),
        .CYCLES(4)
    ) seeds (
        .clock, .in(seed), .out(seed_then)
    );
    assign by = near[5+:27];
    assign full = 48'd1 << 37;
    wire unused = &{1'b0, near, weight};
  end else begin : g_direct
    assign seed_then = seed;
    assign by = L1 ? 27'(mantissa) : 27'(seed);
    if (L1) begin : g_quotient
      assign full = 48'd1 << 30;
      wire unused = &{1'b0, weight};
    end else begin : g_root
      wire [17:0] mantissa_2;
      licc_delay #(
          .BITS  (18),
          .CYCLES(2)
      ) mantissas (
          .clock, .in(mantissa), .out(mantissa_2)
      );
      assign full = 48'(mantissa_2) << 6;
    end
  end
  licc_slice #(
      .ADDS_C(1)
  ) rest_slice (
      .clock,
      .a(by),
      .d('0),
      .b(-(18'(seed_then))),
      .c(full),
      .below('0),
      .above(unused_rest_above),
      .p(rest)
  );

  // The step.
  wire [SEED_BITS-1:0] seed_last, seed_added;
  wire [17:0] slope;
  wire [47:0] p, unused_above;
  licc_delay #(
      .BITS  (SEED_BITS),
      .CYCLES(4)
  ) seeds_last (
      .clock, .in(seed_then), .out(seed_last)
  );
  licc_delay #(
      .BITS  (SEED_BITS),
      .CYCLES(2)
  ) seeds_added (
      .clock, .in(seed_last), .out(seed_added)
  );
  if (INVERSE) begin : g_weight
    wire [WEIGHT_BITS-1:0] weight_last;
    licc_delay #(
        .BITS  (WEIGHT_BITS),
        .CYCLES(4)
    ) weights (
        .clock, .in(weight), .out(weight_last)
    );
    assign slope = 18'(weight_last);
  end else begin : g_seed
    assign slope = 18'(seed_last);
  end
  licc_slice #(
      .ADDS_C(1)
  ) step_slice (
      .clock,
      .a(27'($signed(rest[Dropped+:18]))),
      .d('0),
      .b(slope),
      .c((48'(seed_added) << (24 + (Near ? 1 : 0))) + (48'd1 << (Scaled - 1))),
      .below('0),
      .above(unused_above),
      .p
  );
  assign factor = p[Scaled+:18];
  wire unused_bits = &{1'b0, rest, p};
endmodule
