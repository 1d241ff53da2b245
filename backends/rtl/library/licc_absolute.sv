// stream.abs: |x|, saturated to the result's type, a word a step.
module licc_absolute #(
    parameter int INPUT_BITS = 16,
    parameter bit INPUT_SIGNED = 1,
    parameter int OUTPUT_BITS = 16,
    parameter bit OUTPUT_SIGNED = 0,
    parameter int LANES = 1,
    parameter int OUT_DEPTH = 2,
    parameter OUT_MEMORY = "lutram"
) (
    input  logic                         clock,
    input  logic                         reset,
    input  logic                         in_valid,
    input  logic [LANES*INPUT_BITS-1:0]  in_data,
    output logic                         in_take,
    output logic                         out_valid,
    output logic [LANES*OUTPUT_BITS-1:0] out_data,
    input  logic                         out_take
);
  localparam int Latency = 2;
  logic room, push;
  logic [LANES*OUTPUT_BITS-1:0] result;
  assign in_take = in_valid && room;
  for (genvar i = 0; i < LANES; i++) begin : g_lane
    wire [INPUT_BITS-1:0] x = in_data[i*INPUT_BITS+:INPUT_BITS];
    wire [INPUT_BITS+1:0] extended = {{2{INPUT_SIGNED && x[INPUT_BITS-1]}}, x};
    logic [INPUT_BITS+1:0] magnitude;
    always_ff @(posedge clock) magnitude <= extended[INPUT_BITS+1] ? -extended : extended;
    licc_saturate #(
        .IN_BITS(INPUT_BITS + 2),
        .OUT_BITS(OUTPUT_BITS),
        .OUT_SIGNED(OUTPUT_SIGNED)
    ) saturate (
        .clock, .in(magnitude), .out(result[i*OUTPUT_BITS+:OUTPUT_BITS])
    );
  end
  licc_flags #(
      .CYCLES(Latency)
  ) pushing (
      .clock, .reset, .in(in_take), .out(push)
  );
  licc_fifo #(
      .BITS  (LANES * OUTPUT_BITS),
      .DEPTH (OUT_DEPTH),
      .SLACK (Latency),
      .MEMORY(OUT_MEMORY)
  ) out (
      .clock, .reset, .room, .claim(in_take), .push, .push_data(result), .valid(out_valid),
      .data(out_data), .take(out_take)
  );
endmodule
