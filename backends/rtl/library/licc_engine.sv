// A multiply-accumulate array without the FIFO behind it: window words in, words of OUT_LANES sums out.
// The twin of products.h and waiting_sums.h.
//
// A step reads the weights of all SUM_LANES channels, and each row of multipliers makes the products of
// PACKED_OUTPUTS channels and PACKED_PIXELS neighbours. The sums stay until a set is finished, then
// leave word by word. `sums` and `word` come LATENCY cycles after the step that writes them, with `push`.
module licc_engine #(
    parameter int INPUT_BITS = 8,
    parameter bit INPUT_SIGNED = 1,
    parameter int WEIGHT_BITS = 8,
    parameter int SUM_BITS = 20,
    parameter int IN_LANES = 1,
    parameter int TAPS = 1,
    parameter int NEIGHBOURS = 1,
    parameter int SUM_LANES = 1,
    parameter int OUT_LANES = 1,
    parameter int PHASES = 1,
    parameter int GROUPS = 1,
    parameter int COLUMNS = 1,
    parameter int ROWS = 1,
    parameter bit [PHASES*PHASES*32-1:0] PHASE_WORDS = 1,
    parameter int DEPTH = 1,
    parameter int SET_WORDS = 1,
    parameter int LAST_WORDS = 1,
    parameter int RESULT_WORDS = 1,
    parameter int PACKED_OUTPUTS = 1,
    parameter int PACKED_PIXELS = 1,
    parameter int LENGTH = 1,
    parameter bit IN_LUTS = 0,
    parameter MEMORY = "bram",
    parameter FILES = "rom",
    parameter int FACTORS = TAPS * IN_LANES,
    parameter int LATENCY = LENGTH + 7 + $clog2((FACTORS + LENGTH - 1) / LENGTH),
    parameter int WORD_BITS = RESULT_WORDS > 1 ? $clog2(RESULT_WORDS) : 1
) (
    input  logic                                     clock,
    input  logic                                     reset,
    input  logic                                     in_valid,
    input  logic [NEIGHBOURS*FACTORS*INPUT_BITS-1:0] in_data,
    output logic                                     in_take,
    input  logic                                     room,
    output logic                                     claim,
    output logic                                     push,
    output logic [           OUT_LANES*SUM_BITS-1:0] sums,
    output logic [                    WORD_BITS-1:0] word
);
  localparam int Fields = PACKED_OUTPUTS * PACKED_PIXELS;
  localparam int Pairs = NEIGHBOURS / PACKED_PIXELS;
  localparam int Parts = PACKED_OUTPUTS == 1 ? PACKED_PIXELS : 1;
  localparam int ValueBits = INPUT_BITS + (INPUT_SIGNED ? 0 : 1);
  localparam int FactorBits = Fields == 4 ? 18 : ValueBits;
  localparam int PhaseBits = PHASES > 1 ? $clog2(PHASES) : 1;
  localparam int IndexBits = DEPTH > 1 ? $clog2(DEPTH) : 1;
  localparam int Multiplied = LATENCY - 2;  // cycles until a row's sums are there

  logic go, reads, writes, first, last, finishes;
  logic [IndexBits-1:0] index;
  logic [PhaseBits-1:0] column_phase;
  logic [WORD_BITS-1:0] leaving_word;
  licc_engine_steps #(
      .PHASES(PHASES),
      .GROUPS(GROUPS),
      .COLUMNS(COLUMNS),
      .ROWS(ROWS),
      .PHASE_WORDS(PHASE_WORDS),
      .DEPTH(DEPTH),
      .WHOLE_PIXELS(NEIGHBOURS > 1),
      .SET_WORDS(SET_WORDS),
      .LAST_WORDS(LAST_WORDS),
      .FOLD(SUM_LANES / OUT_LANES),
      .RESULT_WORDS(RESULT_WORDS)
  ) steps (
      .clock, .reset, .valid(in_valid), .room, .go, .reads, .writes, .first, .last, .finishes, .index,
      .column_phase, .word(leaving_word)
  );
  assign in_take = go && reads;
  assign claim   = go && writes;

  // What the steps of the pipeline's stages do.
  logic multiplies, begins, ends, releases, leaves;
  logic [PhaseBits-1:0] phase;
  logic [WORD_BITS-1:0] word_last;
  licc_flags #(
      .BITS(2),
      .CYCLES(Multiplied)
  ) accumulating (
      .clock, .reset, .in({in_take, first}), .out({multiplies, begins})
  );
  licc_flags #(
      .BITS(3),
      .CYCLES(Multiplied + 1)
  ) collecting (
      .clock, .reset, .in({in_take && last, go && finishes, claim}), .out({ends, releases, leaves})
  );
  licc_delay #(
      .BITS(PhaseBits + WORD_BITS),
      .CYCLES(Multiplied + 1)
  ) indices (
      .clock, .in({column_phase, leaving_word}), .out({phase, word_last})
  );

  // Activations, joined where four products share a slice, and delayed as the cascades need them.
  logic [Pairs*Parts*FACTORS*FactorBits-1:0] factors, factors_1, skewed;
  for (genvar p = 0; p < Pairs; p++) begin : g_pair
    for (genvar k = 0; k < FACTORS; k++) begin : g_factor
      for (genvar i = 0; i < Parts; i++) begin : g_part
        localparam int Pixel = p * PACKED_PIXELS + i;
        wire [INPUT_BITS-1:0] value = in_data[(Pixel*FACTORS+k)*INPUT_BITS+:INPUT_BITS];
        wire [FactorBits-1:0] low = FactorBits'($signed({INPUT_SIGNED && value[INPUT_BITS-1], value}));
        if (Fields == 4) begin : g_join
          wire [INPUT_BITS-1:0] next = in_data[((Pixel+1)*FACTORS+k)*INPUT_BITS+:INPUT_BITS];
          wire [FactorBits-1:0] high =
              FactorBits'($signed({INPUT_SIGNED && next[INPUT_BITS-1], next})) << 11;
          assign factors[((p*Parts+i)*FACTORS+k)*FactorBits+:FactorBits] = low + high;
        end else begin : g_plain
          assign factors[((p*Parts+i)*FACTORS+k)*FactorBits+:FactorBits] = low;
        end
      end
    end
    for (genvar i = 0; i < Parts; i++) begin : g_skew
      licc_skew #(
          .COUNT (FACTORS),
          .BITS  (FactorBits),
          .LENGTH(LENGTH)
      ) skew (
          .clock,
          .in (factors_1[(p*Parts+i)*FACTORS*FactorBits+:FACTORS*FactorBits]),
          .out(skewed[(p*Parts+i)*FACTORS*FactorBits+:FACTORS*FactorBits])
      );
    end
  end
  always_ff @(posedge clock) factors_1 <= factors;

  // Weights: a memory for each channel.
  logic [SUM_LANES*FACTORS*WEIGHT_BITS-1:0] weights;
  for (genvar o = 0; o < SUM_LANES; o++) begin : g_weights
    licc_rom #(
        .BITS  (FACTORS * WEIGHT_BITS),
        .DEPTH (DEPTH),
        .MEMORY(MEMORY),
        .FILE  ({FILES, "_weights_", 8'(48 + o / 1000), 8'(48 + o / 100 % 10), 8'(48 + o / 10 % 10),
                 8'(48 + o % 10), ".hex"})
    ) memory (
        .clock, .address(index), .data(weights[o*FACTORS*WEIGHT_BITS+:FACTORS*WEIGHT_BITS])
    );
  end

  // Rows, and the sums of the present pixels [NEIGHBOURS][SUM_LANES].
  logic [NEIGHBOURS*SUM_LANES*SUM_BITS-1:0] added, present;
  for (genvar o = 0; o < SUM_LANES / PACKED_OUTPUTS; o++) begin : g_outputs
    for (genvar p = 0; p < Pairs; p++) begin : g_pixels
      wire [Fields*SUM_BITS-1:0] fields;
      licc_row #(
          .FACTORS(FACTORS),
          .WEIGHT_BITS(WEIGHT_BITS),
          .INPUT_BITS(FactorBits),
          .SUM_BITS(SUM_BITS),
          .PACKED_OUTPUTS(PACKED_OUTPUTS),
          .PACKED_PIXELS(PACKED_PIXELS),
          .LENGTH(LENGTH),
          .IN_LUTS(IN_LUTS)
      ) pe (
          .clock,
          .weights(weights[o*PACKED_OUTPUTS*FACTORS*WEIGHT_BITS+:PACKED_OUTPUTS*FACTORS*WEIGHT_BITS]),
          .inputs(skewed[p*Parts*FACTORS*FactorBits+:Parts*FACTORS*FactorBits]),
          .sums(fields)
      );
      for (genvar f = 0; f < Fields; f++) begin : g_field
        localparam int Pixel = p * PACKED_PIXELS + f % PACKED_PIXELS;
        localparam int Lane = o * PACKED_OUTPUTS + f / PACKED_PIXELS;
        assign added[(Pixel*SUM_LANES+Lane)*SUM_BITS+:SUM_BITS] = fields[f*SUM_BITS+:SUM_BITS];
      end
    end
  end
  always_ff @(posedge clock) begin
    if (multiplies) begin
      for (int i = 0; i < NEIGHBOURS * SUM_LANES; i++)
        present[i*SUM_BITS+:SUM_BITS] <= added[i*SUM_BITS+:SUM_BITS]
            + (begins ? '0 : present[i*SUM_BITS+:SUM_BITS]);
    end
  end

  licc_waiting_sums #(
      .SUM_BITS(SUM_BITS),
      .NEIGHBOURS(NEIGHBOURS),
      .SUM_LANES(SUM_LANES),
      .OUT_LANES(OUT_LANES),
      .PHASES(PHASES),
      .SET_WORDS(SET_WORDS),
      .RESULT_WORDS(RESULT_WORDS)
  ) waiting (
      .clock, .present, .phase, .ends, .releases, .leaves, .sums
  );
  licc_flags pushing (.clock, .reset, .in(leaves), .out(push));
  always_ff @(posedge clock) word <= word_last;
endmodule
