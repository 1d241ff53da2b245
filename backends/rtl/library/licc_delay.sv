// `in`, CYCLES later; never reset, so that a tool can make shift registers of it.
module licc_delay #(
    parameter int BITS   = 1,
    parameter int CYCLES = 1
) (
    input  logic            clock,
    input  logic [BITS-1:0] in,
    output logic [BITS-1:0] out
);
  if (CYCLES == 0) begin : g_wire
    wire unused_clock = clock;
    assign out = in;
  end else begin : g_shift
    logic [BITS-1:0] stage[CYCLES];
    always_ff @(posedge clock) begin
      stage[0] <= in;
      for (int i = 1; i < CYCLES; i++) stage[i] <= stage[i-1];
    end
    assign out = stage[CYCLES-1];
  end
endmodule
