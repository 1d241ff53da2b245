// stream.add: joins two FIFOs of one scale: lhs + rhs, saturated to the result's type, a word a step.
module licc_add #(
    parameter int LHS_BITS = 8,
    parameter bit LHS_SIGNED = 1,
    parameter int RHS_BITS = 8,
    parameter bit RHS_SIGNED = 1,
    parameter int OUTPUT_BITS = 9,
    parameter bit OUTPUT_SIGNED = 1,
    parameter int LANES = 1,
    parameter int OUT_DEPTH = 2,
    parameter OUT_MEMORY = "lutram"
) (
    input  logic                         clock,
    input  logic                         reset,
    input  logic                         lhs_valid,
    input  logic [LANES*LHS_BITS-1:0]    lhs_data,
    output logic                         lhs_take,
    input  logic                         rhs_valid,
    input  logic [LANES*RHS_BITS-1:0]    rhs_data,
    output logic                         rhs_take,
    output logic                         out_valid,
    output logic [LANES*OUTPUT_BITS-1:0] out_data,
    input  logic                         out_take
);
  localparam int SumBits = (LHS_BITS > RHS_BITS ? LHS_BITS : RHS_BITS) + 2;
  localparam int Latency = 2;
  logic room, push, go;
  logic [LANES*OUTPUT_BITS-1:0] result;
  assign go = lhs_valid && rhs_valid && room;
  assign {lhs_take, rhs_take} = {go, go};
  for (genvar i = 0; i < LANES; i++) begin : g_lane
    wire [LHS_BITS-1:0] x = lhs_data[i*LHS_BITS+:LHS_BITS];
    wire [RHS_BITS-1:0] y = rhs_data[i*RHS_BITS+:RHS_BITS];
    wire [LHS_BITS:0] x_extended = {LHS_SIGNED && x[LHS_BITS-1], x};
    wire [RHS_BITS:0] y_extended = {RHS_SIGNED && y[RHS_BITS-1], y};
    logic [SumBits-1:0] sum;
    always_ff @(posedge clock) sum <= SumBits'($signed(x_extended)) + SumBits'($signed(y_extended));
    licc_saturate #(
        .IN_BITS(SumBits),
        .OUT_BITS(OUTPUT_BITS),
        .OUT_SIGNED(OUTPUT_SIGNED)
    ) saturate (
        .clock, .in(sum), .out(result[i*OUTPUT_BITS+:OUTPUT_BITS])
    );
  end
  licc_flags #(
      .CYCLES(Latency)
  ) pushing (
      .clock, .reset, .in(go), .out(push)
  );
  licc_fifo #(
      .BITS  (LANES * OUTPUT_BITS),
      .DEPTH (OUT_DEPTH),
      .SLACK (Latency),
      .MEMORY(OUT_MEMORY)
  ) out (
      .clock, .reset, .room, .claim(go), .push, .push_data(result), .valid(out_valid),
      .data(out_data), .take(out_take)
  );
endmodule
