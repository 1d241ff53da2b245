// One lane: out = saturate(round_shift(v * M, SHIFT)), v = sum + bias, M = negative if v < 0, else
// positive; both have 17 bits. LATENCY 6, and one more where v has more than 27 bits.
module licc_requantizer #(
    parameter int SUM_BITS = 20,
    parameter bit SUM_SIGNED = 1,
    parameter int BIAS_BITS = 32,
    parameter int OUTPUT_BITS = 8,
    parameter bit OUTPUT_SIGNED = 1,
    parameter int SHIFT = 0
) (
    input  logic                   clock,
    input  logic [   SUM_BITS-1:0] sum,
    input  logic [  BIAS_BITS-1:0] bias,
    input  logic [           16:0] positive,
    input  logic [           16:0] negative,
    output logic [OUTPUT_BITS-1:0] out
);
  /* verilator no_inline_module */
  localparam int BiasedBits = (SUM_BITS + (SUM_SIGNED ? 0 : 1) > BIAS_BITS
                               ? SUM_BITS + (SUM_SIGNED ? 0 : 1) : BIAS_BITS) + 1;
  // A product of one slice has at most 44 bits, so that shifts beyond leave the same: nothing.
  localparam int Shift = BiasedBits <= 27 && SHIFT > 46 ? 46 : SHIFT;
  localparam bit [63:0] Half = Shift == 0 ? '0 : 64'd1 << (Shift - 1);

  logic [BiasedBits-1:0] biased;
  logic [16:0] positive_1, negative_1;
  wire [SUM_BITS:0] extended = {SUM_SIGNED ? sum[SUM_BITS-1] : 1'b0, sum};
  always_ff @(posedge clock) begin
    biased <= BiasedBits'($signed(extended)) + BiasedBits'($signed(bias));
    positive_1 <= positive;
    negative_1 <= negative;
  end
  wire [64:0] scaled;
  licc_wide_product #(
      .A_BITS  (BiasedBits),
      .CONSTANT(Half)
  ) scale (
      .clock, .a(biased), .b({1'b0, biased[BiasedBits-1] ? negative_1 : positive_1}), .p(scaled)
  );
  licc_saturate #(
      .IN_BITS(65 - Shift),
      .OUT_BITS(OUTPUT_BITS),
      .OUT_SIGNED(OUTPUT_SIGNED)
  ) saturate (
      .clock, .in(scaled[64:Shift]), .out
  );
  if (Shift > 0) begin : g_fraction
    wire unused_fraction = &{1'b0, scaled[Shift-1:0]};
  end
endmodule
