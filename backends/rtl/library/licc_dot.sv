// The sum of gamma_k * term_k over LANES products, of which only those in LIVE are made: what a group of
// inputs adds to one norm. Terms are signed with TERM_BITS bits and never negative, gamma unsigned, the
// sum modulo 2^SUM_BITS. LATENCY LENGTH + 3 + $clog2(cascades), and LENGTH more if WIDE.
//
// LENGTH slices are cascaded. WIDE terms take two slices: the products of their lower 17 bits are added
// up first, and that sum, shifted down, begins those of the upper bits.
module licc_dot #(
    parameter int LANES = 1,
    parameter int TERM_BITS = 24,
    parameter int GAMMA_BITS = 16,
    parameter int SUM_BITS = 48,
    parameter int LENGTH = 1,
    parameter bit WIDE = 0,
    parameter bit [LANES-1:0] LIVE = '1
) (
    input  logic                        clock,
    input  logic [ LANES*TERM_BITS-1:0] terms,
    input  logic [LANES*GAMMA_BITS-1:0] gamma,
    output logic [        SUM_BITS-1:0] sum
);
  /* verilator no_inline_module */
  function automatic int live_lanes(input int none);
    int count;
    count = none;
    for (int i = 0; i < LANES; i++) if (LIVE[i]) count = count + 1;
    live_lanes = count;
  endfunction
  // The live lane with k others before it.
  function automatic int live_lane(input int k);
    int count;
    count = 0;
    live_lane = 0;
    for (int i = 0; i < LANES; i++)
      if (LIVE[i]) begin
        if (count == k) live_lane = i;
        count = count + 1;
      end
  endfunction
  localparam int Live = live_lanes(0);
  localparam int Cascades = (LANES + LENGTH - 1) / LENGTH;
  localparam int Used = (Live + LENGTH - 1) / LENGTH;
  localparam int LastFirst = Used > 0 ? (Used - 1) * LENGTH : 0;  // the last cascade's first product

  for (genvar k = 0; k < Live; k++) begin : g_product
    localparam int Lane = live_lane(k);
    localparam int Members = k < LastFirst ? LENGTH : Live - LastFirst;
    localparam int Late = (WIDE ? 2 : 1) * (LENGTH - Members) + k % LENGTH;
    wire [TERM_BITS-1:0] term;
    wire [GAMMA_BITS-1:0] weight;
    wire [26:0] factor = WIDE ? {10'b0, 17'(term)} : 27'($signed(term));
    wire [47:0] below, above, p;
    licc_delay #(
        .BITS  (TERM_BITS + GAMMA_BITS),
        .CYCLES(Late)
    ) skew (
        .clock,
        .in ({terms[Lane*TERM_BITS+:TERM_BITS], gamma[Lane*GAMMA_BITS+:GAMMA_BITS]}),
        .out({term, weight})
    );
    if (k % LENGTH > 0) begin : g_cascaded
      assign below = g_product[k-1].above;
    end else begin : g_begins
      assign below = '0;
    end
    licc_slice #(
        .CASCADE(k % LENGTH > 0 ? 1 : 0)
    ) slice (
        .clock,
        .a(factor),
        .d('0),
        .b(18'(weight)),
        .c('0),
        .below,
        .above,
        .p
    );
    wire unused = &{1'b0, above, p};
    if (WIDE) begin : g_upper
      wire [TERM_BITS-18:0] upper;
      wire [GAMMA_BITS-1:0] upper_weight;
      wire [26:0] upper_factor = 27'($signed(upper));
      wire [47:0] upper_below, upper_above, upper_p;
      licc_delay #(
          .BITS  (TERM_BITS - 17 + GAMMA_BITS),
          .CYCLES(Members)
      ) later (
          .clock, .in({term[TERM_BITS-1:17], weight}), .out({upper, upper_weight})
      );
      if (k % LENGTH > 0) begin : g_cascaded
        assign upper_below = g_product[k-1].g_upper.upper_above;
      end else begin : g_begins
        assign upper_below = g_product[k+Members-1].above;
      end
      licc_slice #(
          .CASCADE(k % LENGTH > 0 ? 1 : 2)
      ) slice (
          .clock,
          .a(upper_factor),
          .d('0),
          .b(18'(upper_weight)),
          .c('0),
          .below(upper_below),
          .above(upper_above),
          .p(upper_p)
      );
      wire unused_upper = &{1'b0, upper_above, upper_p};
    end
  end

  logic [Cascades*SUM_BITS-1:0] sums;
  for (genvar i = 0; i < Cascades; i++) begin : g_cascade
    localparam int Members = i + 1 < Used ? LENGTH : Live - LastFirst;
    localparam int Last = i * LENGTH + Members - 1;
    if (i >= Used) begin : g_none
      assign sums[i*SUM_BITS+:SUM_BITS] = '0;
    end else if (WIDE) begin : g_wide
      wire [16:0] low;
      licc_delay #(
          .BITS  (17),
          .CYCLES(Members)
      ) later (
          .clock, .in(g_product[Last].p[16:0]), .out(low)
      );
      assign sums[i*SUM_BITS+:SUM_BITS] = SUM_BITS'({g_product[Last].g_upper.upper_p, low});
    end else begin : g_narrow
      assign sums[i*SUM_BITS+:SUM_BITS] = SUM_BITS'(g_product[Last].p);
    end
  end
  licc_tree #(
      .COUNT(Cascades),
      .BITS (SUM_BITS)
  ) tree (
      .clock, .in(sums), .sum
  );
  if (Live < LANES) begin : g_dead
    wire unused_lanes = &{1'b0, clock, terms, gamma};
  end
endmodule
