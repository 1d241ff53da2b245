// A function of an 18-bit mantissa as straight lines: base + slope * fraction / 2^F, rounded, from a table
// of [base, slope] for the segments of 2^F mantissas from FIRST_SEGMENT on. LATENCY 5, one slice.
module licc_lines #(
    parameter int INDEX_BITS = 9,
    parameter int FIRST_SEGMENT = 128,
    parameter int BASE_BITS = 18,
    parameter int SLOPE_BITS = 11,
    parameter MEMORY = "bram",
    parameter FILE = "table.hex"
) (
    input  logic        clock,
    input  logic [17:0] mantissa,
    output logic [17:0] factor
);
  localparam int FractionBits = 18 - INDEX_BITS;
  localparam int Segments = (1 << INDEX_BITS) - FIRST_SEGMENT;
  localparam int AddressBits = $clog2(Segments);
  wire [BASE_BITS-1:0] base, base_2;
  wire [SLOPE_BITS-1:0] slope;
  wire [INDEX_BITS-1:0] index = mantissa[17:FractionBits] - INDEX_BITS'(FIRST_SEGMENT);
  licc_rom #(
      .BITS  (BASE_BITS + SLOPE_BITS),
      .DEPTH (Segments),
      .MEMORY(MEMORY),
      .FILE  (FILE)
  ) segments (
      .clock, .address(AddressBits'(index)), .data({base, slope})
  );
  licc_delay #(
      .BITS  (BASE_BITS),
      .CYCLES(2)
  ) bases (
      .clock, .in(base), .out(base_2)
  );
  logic [FractionBits-1:0] fraction;
  always_ff @(posedge clock) fraction <= mantissa[FractionBits-1:0];
  wire [47:0] p, unused_above;
  licc_slice #(
      .ADDS_C(1)
  ) line (
      .clock,
      .a(27'(fraction)),
      .d('0),
      .b(18'($signed(slope))),
      .c((48'(base_2) << FractionBits) + (48'd1 << (FractionBits - 1))),
      .below('0),
      .above(unused_above),
      .p
  );
  assign factor = p[FractionBits+:18];
  wire unused = &{1'b0, p, index};
endmodule
