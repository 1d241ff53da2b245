// Counts 0 to COUNT - 1 and begins anew, one for each step. `wrap` is a step that ends a round, and so
// the step of the counter around this one.
module licc_counter #(
    parameter int COUNT = 2,
    parameter int BITS  = COUNT > 1 ? $clog2(COUNT) : 1
) (
    input  logic            clock,
    input  logic            reset,
    input  logic            step,
    output logic [BITS-1:0] value,
    output logic            last,
    output logic            wrap
);
  assign wrap = step && last;
  if (COUNT == 1) begin : g_still
    wire unused = &{1'b0, clock, reset};
    assign last  = 1'b1;
    assign value = '0;
  end else begin : g_counts
    assign last = value == BITS'(COUNT - 1);
    always_ff @(posedge clock) begin
      if (reset || wrap) value <= '0;
      else if (step) value <= value + 1'b1;
    end
  end
endmodule
