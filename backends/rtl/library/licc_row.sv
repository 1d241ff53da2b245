// A row of multipliers, the PE of an engine: the sums over FACTORS of weight * activation for
// PACKED_OUTPUTS channels and PACKED_PIXELS neighbours, that share multipliers as docs/numbers.md says.
//
//   weights [PACKED_OUTPUTS][FACTORS] signed, as they come from the memories
//   inputs  [parts][FACTORS] signed, already skewed (licc_skew); two parts if only pixels are packed,
//           else one, with the neighbours joined
//   sums    [PACKED_OUTPUTS * PACKED_PIXELS], field by field, modulo 2^SUM_BITS
//
// LENGTH slices are cascaded, each a cycle behind the one below, then the fields of their sum are taken
// apart, and the sums of all cascades added up: LENGTH + 4 + $clog2(cascades) cycles.
module licc_row #(
    parameter int FACTORS = 1,
    parameter int WEIGHT_BITS = 8,
    parameter int INPUT_BITS = 8,
    parameter int SUM_BITS = 20,
    parameter int PACKED_OUTPUTS = 1,
    parameter int PACKED_PIXELS = 1,
    parameter int LENGTH = 1,
    parameter bit IN_LUTS = 0,
    parameter int PARTS = PACKED_OUTPUTS == 1 ? PACKED_PIXELS : 1
) (
    input  logic                                             clock,
    input  logic [PACKED_OUTPUTS*FACTORS*WEIGHT_BITS-1:0]    weights,
    input  logic [PARTS*FACTORS*INPUT_BITS-1:0]              inputs,
    output logic [PACKED_OUTPUTS*PACKED_PIXELS*SUM_BITS-1:0] sums
);
  /* verilator no_inline_module */
  localparam int Fields = PACKED_OUTPUTS * PACKED_PIXELS;
  localparam int FieldBits = Fields == 4 ? 11 : 18;
  localparam int Spacing = FieldBits * PACKED_PIXELS;
  localparam int Cascades = (FACTORS + LENGTH - 1) / LENGTH;
  localparam int LastFirst = (Cascades - 1) * LENGTH;  // the last cascade's first factor

  for (genvar k = 0; k < FACTORS; k++) begin : g_factor
    localparam int Late = k < LastFirst ? k % LENGTH : LENGTH - FACTORS + k;
    localparam int Weights = PACKED_OUTPUTS * WEIGHT_BITS;
    wire [INPUT_BITS-1:0] value = inputs[k*INPUT_BITS+:INPUT_BITS];
    wire [Weights-1:0] now, weight;
    for (genvar o = 0; o < PACKED_OUTPUTS; o++) begin : g_output
      assign now[o*WEIGHT_BITS+:WEIGHT_BITS] = weights[(o*FACTORS+k)*WEIGHT_BITS+:WEIGHT_BITS];
    end
    licc_delay #(
        .BITS  (Weights),
        .CYCLES(Late)
    ) skew (
        .clock, .in(now), .out(weight)
    );

    // What is joined goes to the pre-adder, its upper part shifted.
    wire [47:0] p;
    if (IN_LUTS) begin : g_luts
      wire [INPUT_BITS+WEIGHT_BITS-1:0] product;
      licc_lut_product #(
          .A_BITS(INPUT_BITS),
          .B_BITS(WEIGHT_BITS)
      ) multiply (
          .clock, .a(value), .b(weight), .p(product)
      );
      assign p = 48'($signed(product));
    end else begin : g_slice
      wire [26:0] a, d;
      wire [17:0] b;
      wire [47:0] below, above;
      if (PACKED_OUTPUTS == 2) begin : g_outputs
        assign a = 27'($signed(weight[Weights-1:WEIGHT_BITS])) << Spacing;
        assign d = 27'($signed(weight[WEIGHT_BITS-1:0]));
        assign b = 18'($signed(value));
      end else begin : g_pixels
        assign b = 18'($signed(weight));
        if (PACKED_PIXELS == 2) begin : g_pair
          assign a = 27'($signed(inputs[(FACTORS+k)*INPUT_BITS+:INPUT_BITS])) << FieldBits;
          assign d = 27'($signed(value));
        end else begin : g_one
          assign a = 27'($signed(value));
          assign d = '0;
        end
      end
      if (k % LENGTH > 0) begin : g_cascaded
        assign below = g_factor[k-1].g_slice.above;
      end else begin : g_begins
        assign below = '0;
      end
      licc_slice #(
          .JOINS  (Fields > 1),
          .CASCADE(k % LENGTH > 0 ? 1 : 0)
      ) slice (
          .clock, .a, .d, .b, .c('0), .below, .above, .p
      );
      wire unused = &{1'b0, p, above};
    end
  end

  // A field is signed: where it is negative, the one above it lacks one.
  logic [Fields*Cascades*SUM_BITS-1:0] fields;
  for (genvar i = 0; i < Cascades; i++) begin : g_cascade
    localparam int Last = i + 1 < Cascades ? (i + 1) * LENGTH - 1 : FACTORS - 1;
    for (genvar f = 0; f < Fields; f++) begin : g_field
      wire [47:0] here;
      if (f == 0) begin : g_first
        assign here = g_factor[Last].p;
      end else begin : g_next
        wire [47:0] under = g_field[f-1].here;
        assign here = 48'($signed(under[47:FieldBits])) + 48'(under[FieldBits-1]);
      end
      localparam int Taken = f + 1 < Fields ? FieldBits : 48;
      logic [SUM_BITS-1:0] sum;
      always_ff @(posedge clock) sum <= SUM_BITS'($signed(here[Taken-1:0]));
      assign fields[(f*Cascades+i)*SUM_BITS+:SUM_BITS] = sum;
    end
  end
  for (genvar f = 0; f < Fields; f++) begin : g_sum
    licc_tree #(
        .COUNT(Cascades),
        .BITS (SUM_BITS)
    ) tree (
        .clock,
        .in (fields[f*Cascades*SUM_BITS+:Cascades*SUM_BITS]),
        .sum(sums[f*SUM_BITS+:SUM_BITS])
    );
  end
endmodule
