// From AXI4-Stream beats to words: a lane lies in whole bytes, of which the upper bits are dropped. It
// takes a beat a cycle and looks at TDATA only.
module licc_read_axis #(
    parameter int INPUT_BITS = 8,
    parameter int LANES = 1,
    parameter int OUT_DEPTH = 2,
    parameter OUT_MEMORY = "lutram",
    parameter int LANE_BITS = (INPUT_BITS + 7) / 8 * 8
) (
    input  logic                        clock,
    input  logic                        reset,
    input  logic                        tvalid,
    output logic                        tready,
    input  logic [ LANES*LANE_BITS-1:0] tdata,
    output logic                        out_valid,
    output logic [LANES*INPUT_BITS-1:0] out_data,
    input  logic                        out_take
);
  logic [LANES*INPUT_BITS-1:0] word;
  logic push;
  for (genvar i = 0; i < LANES; i++) begin : g_lane
    assign word[i*INPUT_BITS+:INPUT_BITS] = tdata[i*LANE_BITS+:INPUT_BITS];
  end
  wire unused_data = &{1'b0, tdata};
  assign push = tvalid && tready;
  licc_fifo #(
      .BITS  (LANES * INPUT_BITS),
      .DEPTH (OUT_DEPTH),
      .MEMORY(OUT_MEMORY)
  ) out (
      .clock, .reset, .room(tready), .claim(push), .push, .push_data(word), .valid(out_valid),
      .data(out_data), .take(out_take)
  );
endmodule
