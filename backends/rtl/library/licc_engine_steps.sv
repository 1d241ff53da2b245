// When an engine reads window words and when its sums leave: the step counters of a multiply-accumulate
// array. The twin of `engine` in dialects/simulation/programs.py, and of mac_position in products.h.
//
// A step reads a window word, but in a frame's tail, and writes a word of sums while any are left of the
// set that was finished last; it is taken (`go`) if the word is there and the result has room.
module licc_engine_steps #(
    parameter int PHASES = 1,
    parameter int GROUPS = 1,
    parameter int COLUMNS = 1,
    parameter int ROWS = 1,
    parameter bit [PHASES*PHASES*32-1:0] PHASE_WORDS = 1,
    parameter int DEPTH = 1,
    parameter bit WHOLE_PIXELS = 0,
    parameter int SET_WORDS = 1,
    parameter int LAST_WORDS = 1,
    parameter int FOLD = 1,
    parameter int RESULT_WORDS = 1,
    parameter int INDEX_BITS = DEPTH > 1 ? $clog2(DEPTH) : 1,
    parameter int PHASE_BITS = PHASES > 1 ? $clog2(PHASES) : 1,
    parameter int WORD_BITS = RESULT_WORDS > 1 ? $clog2(RESULT_WORDS) : 1
) (
    input  logic                  clock,
    input  logic                  reset,
    input  logic                  valid,
    input  logic                  room,
    output logic                  go,
    output logic                  reads,
    output logic                  writes,
    output logic                  first,
    output logic                  last,
    output logic                  finishes,
    output logic [INDEX_BITS-1:0] index,
    output logic [PHASE_BITS-1:0] column_phase,
    output logic [ WORD_BITS-1:0] word
);
  localparam int CountBits = $clog2(DEPTH + 1);
  localparam int LeftBits = $clog2(SET_WORDS + 2);

  logic draining, step;
  assign reads = !draining;
  assign go = (!reads || valid) && (!writes || room);
  assign step = go && reads;

  // Where the sums of the present pixel are.
  logic [CountBits-1:0] place, most;
  logic [PHASE_BITS-1:0] row_phase;
  assign first = place == '0;
  assign last  = place == most;
  always_comb begin
    most = CountBits'(PHASE_WORDS[31:0] - 1);
    for (int r = 0; r < PHASES; r++)
      for (int c = 0; c < PHASES; c++)
        if (row_phase == PHASE_BITS'(r) && column_phase == PHASE_BITS'(c))
          most = CountBits'(PHASE_WORDS[(r*PHASES+c)*32+:32] - 1);
  end
  always_ff @(posedge clock) begin
    if (reset) place <= '0;
    else if (step) place <= last ? '0 : place + 1'b1;
  end

  /* verilator lint_off UNUSEDSIGNAL */
  logic [(GROUPS > 1 ? $clog2(GROUPS) : 1)-1:0] group;
  logic [(COLUMNS > 1 ? $clog2(COLUMNS) : 1)-1:0] column;
  logic [(ROWS > 1 ? $clog2(ROWS) : 1)-1:0] row;
  logic word_last, word_wrap;
  /* verilator lint_on UNUSEDSIGNAL */
  logic group_last, group_wrap, phase_last, pixel_done, column_last, row_done;
  logic row_phase_last, grid_row_done, row_last, frame_done;
  licc_counter #(.COUNT(GROUPS)) group_counter (
      .clock, .reset, .step(step && last), .value(group), .last(group_last), .wrap(group_wrap)
  );
  licc_counter #(.COUNT(PHASES)) column_phase_counter (
      .clock, .reset, .step(group_wrap), .value(column_phase), .last(phase_last), .wrap(pixel_done)
  );
  licc_counter #(.COUNT(COLUMNS)) column_counter (
      .clock, .reset, .step(pixel_done), .value(column), .last(column_last), .wrap(row_done)
  );
  licc_counter #(.COUNT(PHASES)) row_phase_counter (
      .clock, .reset, .step(row_done), .value(row_phase), .last(row_phase_last), .wrap(grid_row_done)
  );
  licc_counter #(.COUNT(ROWS)) row_counter (
      .clock, .reset, .step(grid_row_done), .value(row), .last(row_last), .wrap(frame_done)
  );
  wire unused_row = row_last;

  // The weights' index: the same for all pixels of a row.
  logic [INDEX_BITS-1:0] row_start, next_index;
  assign next_index = !pixel_done ? index + 1'b1
      : !column_last ? row_start : row_phase_last ? '0 : index + 1'b1;
  always_ff @(posedge clock) begin
    if (reset) {index, row_start} <= '0;
    else if (step) begin
      index <= next_index;
      if (row_done) row_start <= next_index;
    end
  end

  // What leaves.
  logic [LeftBits-1:0] left, there;
  assign finishes = reads && last && (!WHOLE_PIXELS || phase_last);
  assign there = !finishes ? left
      : LeftBits'(WHOLE_PIXELS ? SET_WORDS : group_last ? LAST_WORDS : FOLD);
  assign writes = there != '0;
  always_ff @(posedge clock) begin
    if (reset) begin
      left <= '0;
      draining <= 1'b0;
    end else if (go) begin
      left <= there - LeftBits'(writes);
      draining <= (draining || frame_done) && there > LeftBits'(1);
    end
  end
  licc_counter #(.COUNT(RESULT_WORDS)) word_counter (
      .clock, .reset, .step(go && writes), .value(word), .last(word_last), .wrap(word_wrap)
  );
endmodule
