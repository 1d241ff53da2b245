// stream.mac: an engine whose sums go to another actor; fields as in licc_engine.
module licc_mac #(
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
    parameter int OUT_DEPTH = 2,
    parameter OUT_MEMORY = "lutram"
) (
    input  logic                                           clock,
    input  logic                                           reset,
    input  logic                                           in_valid,
    input  logic [NEIGHBOURS*TAPS*IN_LANES*INPUT_BITS-1:0] in_data,
    output logic                                           in_take,
    output logic                                           out_valid,
    output logic [OUT_LANES*SUM_BITS-1:0]                  out_data,
    input  logic                                           out_take
);
  localparam int Factors = TAPS * IN_LANES;
  localparam int Latency = LENGTH + 7 + $clog2((Factors + LENGTH - 1) / LENGTH);

  logic room, claim, push;
  logic [OUT_LANES*SUM_BITS-1:0] sums;
  wire [(RESULT_WORDS > 1 ? $clog2(RESULT_WORDS) : 1)-1:0] unused_word;
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
      .clock, .reset, .in_valid, .in_data, .in_take, .room, .claim, .push, .sums, .word(unused_word)
  );
  licc_fifo #(
      .BITS  (OUT_LANES * SUM_BITS),
      .DEPTH (OUT_DEPTH),
      .SLACK (Latency),
      .MEMORY(OUT_MEMORY)
  ) out (
      .clock, .reset, .room, .claim, .push, .push_data(sums), .valid(out_valid), .data(out_data),
      .take(out_take)
  );
endmodule
