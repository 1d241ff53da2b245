// Delays the operands of COUNT slices as cascades of LENGTH need it: slice k adds to what slice k - 1
// gave a cycle before. The last cascade may be shorter and begins later, so that all end together.
module licc_skew #(
    parameter int COUNT  = 1,
    parameter int BITS   = 8,
    parameter int LENGTH = 1
) (
    input  logic                  clock,
    input  logic [COUNT*BITS-1:0] in,
    output logic [COUNT*BITS-1:0] out
);
  localparam int Last = (COUNT - 1) / LENGTH * LENGTH;
  for (genvar k = 0; k < COUNT; k++) begin : g_operand
    licc_delay #(
        .BITS  (BITS),
        .CYCLES(k < Last ? k % LENGTH : LENGTH - COUNT + k)
    ) delay (
        .clock, .in(in[k*BITS+:BITS]), .out(out[k*BITS+:BITS])
    );
  end
endmodule
