// Lets a core take a frame for every start, and says when it has: `taken` with the last beat in, `left`
// when the last beat is out, `idle` while no frame is wanted or under way. The next frame may be started
// as soon as one has been taken; several are then under way.
//
// A core that does not look at the last pixels may give its last beat before it has taken its last one:
// such a frame has left when both have moved, and `ahead` is -1 until then.
module licc_frames #(
    parameter int IN_BEATS  = 1,
    parameter int OUT_BEATS = 1
) (
    input  logic clock,
    input  logic reset,
    input  logic start,
    input  logic in_tvalid,
    output logic in_tready,
    output logic core_tvalid,
    input  logic core_tready,
    input  logic out_tvalid,
    input  logic out_tready,
    output logic taken,
    output logic left,
    output logic idle
);
  assign core_tvalid = in_tvalid && start;
  assign in_tready   = core_tready && start;

  localparam int InBits = IN_BEATS > 1 ? $clog2(IN_BEATS) : 1;
  localparam int OutBits = OUT_BEATS > 1 ? $clog2(OUT_BEATS) : 1;
  logic out_last;
  /* verilator lint_off UNUSEDSIGNAL */
  logic [ InBits-1:0] in_beat;
  logic [OutBits-1:0] out_beat;
  logic in_end, out_end;
  /* verilator lint_on UNUSEDSIGNAL */
  licc_counter #(
      .COUNT(IN_BEATS)
  ) in_beats (
      .clock, .reset, .step(in_tvalid && in_tready), .value(in_beat), .last(in_end), .wrap(taken)
  );
  licc_counter #(
      .COUNT(OUT_BEATS)
  ) out_beats (
      .clock, .reset, .step(out_tvalid && out_tready), .value(out_beat), .last(out_end),
      .wrap(out_last)
  );

  int ahead;  // frames that are in, less those that are out
  assign left = (out_last && (taken || ahead > 0)) || (taken && ahead < 0);
  assign idle = !start && ahead == 0;
  always_ff @(posedge clock) begin
    if (reset) ahead <= 0;
    else ahead <= ahead + 32'(taken) - 32'(out_last);
  end
endmodule
