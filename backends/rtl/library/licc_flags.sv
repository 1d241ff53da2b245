// One-bit marks of a step, CYCLES later; cleared by a reset, so that nothing comes out that no step
// put in.
module licc_flags #(
    parameter int BITS   = 1,
    parameter int CYCLES = 1
) (
    input  logic            clock,
    input  logic            reset,
    input  logic [BITS-1:0] in,
    output logic [BITS-1:0] out
);
  if (CYCLES == 0) begin : g_wire
    wire unused_clock = clock;
    wire unused_reset = reset;
    assign out = in;
  end else begin : g_shift
    logic [BITS*CYCLES-1:0] stages;
    always_ff @(posedge clock) begin
      if (reset) stages <= '0;
      else stages <= (BITS * CYCLES)'({stages, in});
    end
    assign out = stages[BITS*CYCLES-1-:BITS];
  end
endmodule
