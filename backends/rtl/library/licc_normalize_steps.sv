// When a GDN core reads and when its results leave. A pixel takes IN_GROUPS * OUT_GROUPS steps; the next
// one is read in its first IN_GROUPS, so a frame has PIXELS + 1 rounds, the first of which only reads and
// the last only normalises. Norms leave as sums leave an engine (licc_engine_steps).
module licc_normalize_steps #(
    parameter int PIXELS = 1,
    parameter int IN_GROUPS = 1,
    parameter int OUT_GROUPS = 1,
    parameter int FOLD = 1,
    parameter int LAST_WORDS = 1,
    parameter int RESULT_WORDS = 1,
    parameter int IN_BITS = IN_GROUPS > 1 ? $clog2(IN_GROUPS) : 1,
    parameter int OUT_BITS = OUT_GROUPS > 1 ? $clog2(OUT_GROUPS) : 1,
    parameter int STEP_BITS = IN_GROUPS * OUT_GROUPS > 1 ? $clog2(IN_GROUPS * OUT_GROUPS) : 1,
    parameter int WORD_BITS = RESULT_WORDS > 1 ? $clog2(RESULT_WORDS) : 1
) (
    input  logic                 clock,
    input  logic                 reset,
    input  logic                 valid,
    input  logic                 room,
    output logic                 reads,
    output logic                 adds,
    output logic                 begins,
    output logic                 finishes,
    output logic                 writes,
    output logic                 bank,
    output logic [  IN_BITS-1:0] in_group,
    output logic [ OUT_BITS-1:0] out_group,
    output logic [STEP_BITS-1:0] step,
    output logic [WORD_BITS-1:0] word
);
  localparam int PixelBits = $clog2(PIXELS + 1);
  localparam int LeftBits = $clog2((FOLD > LAST_WORDS ? FOLD : LAST_WORDS) + 2);

  logic draining, go, wants, due, ends, in_last, out_last, group_done, round_done, frame_done;
  logic [PixelBits-1:0] pixel;
  logic [LeftBits-1:0] left, there;
  assign wants = !draining && pixel != PixelBits'(PIXELS) && out_group == '0;
  assign ends = !draining && in_last && pixel != '0;
  assign there = !ends ? left : LeftBits'(out_last ? LAST_WORDS : FOLD);
  assign due = there != '0;
  assign go = (!wants || valid) && (!due || room);
  assign reads = go && wants;
  assign adds = go && !draining;
  assign begins = in_group == '0;
  assign finishes = go && ends;
  assign writes = go && due;

  /* verilator lint_off UNUSEDSIGNAL */
  logic pixel_last, word_last, word_wrap, step_last, step_wrap;
  /* verilator lint_on UNUSEDSIGNAL */
  licc_counter #(
      .COUNT(IN_GROUPS)
  ) in_counter (
      .clock, .reset, .step(adds), .value(in_group), .last(in_last), .wrap(group_done)
  );
  licc_counter #(
      .COUNT(OUT_GROUPS)
  ) out_counter (
      .clock, .reset, .step(group_done), .value(out_group), .last(out_last), .wrap(round_done)
  );
  licc_counter #(
      .COUNT(IN_GROUPS * OUT_GROUPS)
  ) step_counter (
      .clock, .reset, .step(adds), .value(step), .last(step_last), .wrap(step_wrap)
  );
  licc_counter #(
      .COUNT(PIXELS + 1)
  ) pixel_counter (
      .clock, .reset, .step(round_done), .value(pixel), .last(pixel_last), .wrap(frame_done)
  );
  licc_counter #(
      .COUNT(RESULT_WORDS)
  ) word_counter (
      .clock, .reset, .step(writes), .value(word), .last(word_last), .wrap(word_wrap)
  );
  always_ff @(posedge clock) begin
    if (reset) begin
      left <= '0;
      draining <= 1'b0;
      bank <= 1'b0;
    end else if (go) begin
      left <= there - LeftBits'(due);
      draining <= (draining || frame_done) && there > LeftBits'(1);
      bank <= bank ^ round_done;
    end
  end
endmodule
