// stream.convolve: an engine and its requantisers; the sums never leave it. Windows come from a line
// buffer as `in`; fields as in licc_engine and licc_requantizer.
module licc_convolve #(
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
    parameter int BIAS_BITS = 32,
    parameter int OUTPUT_BITS = 8,
    parameter bit OUTPUT_SIGNED = 1,
    parameter int SHIFT = 0,
    parameter bit HAS_NEGATIVE = 0,
    parameter FILES = "rom",
    parameter int OUT_DEPTH = 2,
    parameter OUT_MEMORY = "lutram"
) (
    input  logic                                           clock,
    input  logic                                           reset,
    input  logic                                           in_valid,
    input  logic [NEIGHBOURS*TAPS*IN_LANES*INPUT_BITS-1:0] in_data,
    output logic                                           in_take,
    output logic                                           out_valid,
    output logic [OUT_LANES*OUTPUT_BITS-1:0]               out_data,
    input  logic                                           out_take
);
  localparam int Factors = TAPS * IN_LANES;
  localparam int Summed = LENGTH + 7 + $clog2((Factors + LENGTH - 1) / LENGTH);
  localparam int BiasedBits = (SUM_BITS > BIAS_BITS ? SUM_BITS : BIAS_BITS) + 1;
  localparam int Scaled = BiasedBits > 27 ? 8 : 7;
  localparam int WordBits = RESULT_WORDS > 1 ? $clog2(RESULT_WORDS) : 1;

  logic room, claim, summed, push;
  logic [OUT_LANES*SUM_BITS-1:0] sums;
  logic [WordBits-1:0] word;
  logic [OUT_LANES*OUTPUT_BITS-1:0] result;
  licc_engine #(
      .INPUT_BITS(INPUT_BITS),
      .INPUT_SIGNED(INPUT_SIGNED),
      .WEIGHT_BITS(WEIGHT_BITS),
      .SUM_BITS(SUM_BITS),
      .IN_LANES(IN_LANES),
      .TAPS(TAPS),
      .NEIGHBOURS(NEIGHBOURS),
      .SUM_LANES(SUM_LANES),
      .OUT_LANES(OUT_LANES),
      .PHASES(PHASES),
      .GROUPS(GROUPS),
      .COLUMNS(COLUMNS),
      .ROWS(ROWS),
      .PHASE_WORDS(PHASE_WORDS),
      .DEPTH(DEPTH),
      .SET_WORDS(SET_WORDS),
      .LAST_WORDS(LAST_WORDS),
      .RESULT_WORDS(RESULT_WORDS),
      .PACKED_OUTPUTS(PACKED_OUTPUTS),
      .PACKED_PIXELS(PACKED_PIXELS),
      .LENGTH(LENGTH),
      .IN_LUTS(IN_LUTS),
      .MEMORY(MEMORY),
      .FILES(FILES)
  ) engine (
      .clock, .reset, .in_valid, .in_data, .in_take, .room, .claim, .push(summed), .sums, .word
  );
  licc_requantize_word #(
      .LANES(OUT_LANES),
      .WORDS(RESULT_WORDS),
      .SUM_BITS(SUM_BITS),
      .BIAS_BITS(BIAS_BITS),
      .OUTPUT_BITS(OUTPUT_BITS),
      .OUTPUT_SIGNED(OUTPUT_SIGNED),
      .SHIFT(SHIFT),
      .HAS_NEGATIVE(HAS_NEGATIVE),
      .FILES(FILES)
  ) requantize (
      .clock, .sums, .word, .out(result)
  );
  licc_flags #(
      .CYCLES(Scaled)
  ) pushing (
      .clock, .reset, .in(summed), .out(push)
  );
  licc_fifo #(
      .BITS  (OUT_LANES * OUTPUT_BITS),
      .DEPTH (OUT_DEPTH),
      .SLACK (Summed + Scaled),
      .MEMORY(OUT_MEMORY)
  ) out (
      .clock, .reset, .room, .claim, .push, .push_data(result), .valid(out_valid), .data(out_data),
      .take(out_take)
  );
endmodule
