// One channel: out = saturate(round_shift(x * r * multiplier, t)), x divided by its norm, or multiplied
// with it (docs/numbers.md): r is what licc_factor makes of the norm's mantissa. `multiplier` comes
// CORE_LATENCY + 6 cycles after x and norm, the result CORE_LATENCY + 14.
module licc_normalizer #(
    parameter int INPUT_BITS = 8,
    parameter bit INPUT_SIGNED = 1,
    parameter int OUTPUT_BITS = 8,
    parameter bit OUTPUT_SIGNED = 1,
    parameter int NORM_BITS = 48,
    parameter bit L1 = 0,
    parameter bit INVERSE = 0,
    parameter int SHIFT = 0,
    parameter CORE = "linear",
    parameter int CORE_LATENCY = 5,
    parameter int INDEX_BITS = 9,
    parameter int FIRST_SEGMENT = 128,
    parameter int BASE_BITS = 18,
    parameter int SLOPE_BITS = 11,
    parameter int BEND_BITS = 1,
    parameter MEMORY = "bram",
    parameter FILES = "rom"
) (
    input  logic                   clock,
    input  logic [ INPUT_BITS-1:0] x,
    input  logic [  NORM_BITS-1:0] norm,
    input  logic [           16:0] multiplier,
    output logic [OUTPUT_BITS-1:0] out
);
  /* verilator no_inline_module */
  localparam int MantissaBits = 18;
  localparam int EvenBits = L1 ? NORM_BITS : (NORM_BITS + 1) / 2 * 2;
  localparam int WideBits = EvenBits > MantissaBits ? EvenBits : MantissaBits;
  localparam int LengthBits = $clog2(WideBits + 1);

  // The length of the norm, rounded up to even for l2: its exponent; and its mantissa.
  logic [LengthBits-1:0] length, exponent, exponent_1, exponent_2;
  logic [NORM_BITS-1:0] norm_1;
  logic [MantissaBits-1:0] mantissa;
  wire [WideBits-1:0] aligned = WideBits'(norm_1) << (LengthBits'(WideBits) - exponent_1);
  always_comb begin
    length = '0;
    for (int i = 0; i < NORM_BITS; i++) if (norm[i]) length = LengthBits'(i + 1);
    exponent = L1 ? length : length + LengthBits'(length[0]);
  end
  always_ff @(posedge clock) begin
    norm_1 <= norm;
    exponent_1 <= exponent;
    exponent_2 <= exponent_1;
    mantissa <= aligned[WideBits-1-:MantissaBits];
  end
  if (WideBits > MantissaBits) begin : g_below
    wire unused = &{1'b0, aligned[WideBits-MantissaBits-1:0]};
  end

  wire [17:0] factor;
  licc_factor #(
      .CORE(CORE),
      .L1(L1),
      .INVERSE(INVERSE),
      .LATENCY(CORE_LATENCY),
      .INDEX_BITS(INDEX_BITS),
      .FIRST_SEGMENT(FIRST_SEGMENT),
      .BASE_BITS(BASE_BITS),
      .SLOPE_BITS(SLOPE_BITS),
      .BEND_BITS(BEND_BITS),
      .MEMORY(MEMORY),
      .FILE({FILES, "_table.hex"})
  ) core (
      .clock, .mantissa, .factor
  );

  // x * r, six cycles after the core, and times the multiplier, eleven.
  wire [INPUT_BITS-1:0] x_then;
  licc_delay #(
      .BITS  (INPUT_BITS),
      .CYCLES(2 + CORE_LATENCY)
  ) values (
      .clock, .in(x), .out(x_then)
  );
  wire [47:0] scaled, unused_above;
  wire [64:0] product;
  licc_slice by_factor (
      .clock,
      .a({9'b0, factor}),
      .d('0),
      .b(18'($signed({INPUT_SIGNED && x_then[INPUT_BITS-1], x_then}))),
      .c('0),
      .below('0),
      .above(unused_above),
      .p(scaled)
  );
  licc_wide_product #(
      .A_BITS(34)
  ) by_multiplier (
      .clock, .a(scaled[33:0]), .b({1'b0, multiplier}), .p(product)
  );

  // The shift: SHIFT more or less the exponent (half of it for l2), within 1 to 62. A product has at most
  // 51 bits, so that shifts beyond 52 leave the same: nothing.
  localparam int ShiftBits = 9;
  localparam int ProductBits = 54;
  wire [LengthBits-1:0] exponent_then;
  licc_delay #(
      .BITS  (LengthBits),
      .CYCLES(9 + CORE_LATENCY)
  ) exponents (
      .clock, .in(exponent_2), .out(exponent_then)
  );
  wire [ShiftBits-1:0] taken = L1 ? ShiftBits'(exponent_then) : ShiftBits'(exponent_then) >> 1;
  wire signed [ShiftBits-1:0] wanted = INVERSE ? ShiftBits'(SHIFT) - taken : ShiftBits'(SHIFT) + taken;
  wire [5:0] shift = wanted < ShiftBits'(1) ? 6'd1 : wanted > ShiftBits'(52) ? 6'd52 : 6'(wanted);
  logic [5:0] shift_1;
  logic [ProductBits-1:0] rounded, shifted;
  always_ff @(posedge clock) begin
    shift_1 <= shift;
    rounded  <= ProductBits'(product) + (ProductBits'(1) << (shift - 1'b1));
    shifted  <= ProductBits'($signed(rounded) >>> shift_1);
  end
  licc_saturate #(
      .IN_BITS(ProductBits),
      .OUT_BITS(OUTPUT_BITS),
      .OUT_SIGNED(OUTPUT_SIGNED)
  ) saturate (
      .clock, .in(shifted), .out
  );
  wire unused = &{1'b0, scaled[47:34], product[64:ProductBits]};
endmodule
