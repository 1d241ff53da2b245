// r, about 2^16 times the root or quotient of an 18-bit mantissa, by one of licc's GDN cores (docs/gdn.md),
// LATENCY cycles later. CORE is
//   none    mantissa / 4                                          LATENCY 5
//   linear  a table of straight lines                             5, one slice
//   square  a table of parabolas                                  9, two slices
//   newton  a table of seeds and a step of Newton's iteration     9, two slices; 13, three for l2 forward
// The table has a word [bend, slope, base] for each segment of 2^(18 - INDEX_BITS) mantissas from
// FIRST_SEGMENT on; newton's base is the seed, its slope the weight of the rest.
module licc_factor #(
    parameter CORE = "linear",
    parameter bit L1 = 0,
    parameter bit INVERSE = 0,
    parameter int LATENCY = 5,
    parameter int INDEX_BITS = 9,
    parameter int FIRST_SEGMENT = 128,
    parameter int BASE_BITS = 18,
    parameter int SLOPE_BITS = 11,
    parameter int BEND_BITS = 1,
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
  if (CORE == "none") begin : g_none
    licc_delay #(
        .BITS  (18),
        .CYCLES(LATENCY)
    ) later (
        .clock, .in(mantissa >> 2), .out(factor)
    );
  end else begin : g_table
    wire [BASE_BITS-1:0] base;
    wire [SLOPE_BITS-1:0] slope;
    wire [BEND_BITS-1:0] bend;
    wire [INDEX_BITS-1:0] index = mantissa[17:FractionBits] - INDEX_BITS'(FIRST_SEGMENT);
    wire unused_index = &{1'b0, index};
    logic [17:0] mantissa_1;
    always_ff @(posedge clock) mantissa_1 <= mantissa;
    licc_rom #(
        .BITS  (BEND_BITS + SLOPE_BITS + BASE_BITS),
        .DEPTH (Segments),
        .MEMORY(MEMORY),
        .FILE  (FILE)
    ) segments (
        .clock, .address(AddressBits'(index)), .data({bend, slope, base})
    );
    if (CORE == "newton") begin : g_newton
      licc_newton #(
          .L1(L1),
          .INVERSE(INVERSE),
          .SEED_BITS(BASE_BITS),
          .WEIGHT_BITS(SLOPE_BITS)
      ) step (
          .clock, .mantissa(mantissa_1), .seed(base), .weight(slope), .factor
      );
      wire unused_bend = &{1'b0, bend};
    end else begin : g_polynomial
      licc_polynomial #(
          .PARABOLAS(CORE == "square"),
          .FRACTION_BITS(FractionBits),
          .BASE_BITS(BASE_BITS),
          .SLOPE_BITS(SLOPE_BITS),
          .BEND_BITS(BEND_BITS)
      ) value (
          .clock, .fraction(mantissa_1[FractionBits-1:0]), .base, .slope, .bend, .factor
      );
      wire unused_mantissa = &{1'b0, mantissa_1};
    end
  end
endmodule
