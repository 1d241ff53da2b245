// The sum of COUNT numbers of BITS bits, modulo 2^BITS: pairs are added up and registered until one is
// left, after $clog2(COUNT) cycles.
module licc_tree #(
    parameter int COUNT = 1,
    parameter int BITS  = 8
) (
    input  logic                  clock,
    input  logic [COUNT*BITS-1:0] in,
    output logic [      BITS-1:0] sum
);
  localparam int Half = (COUNT + 1) / 2;
  if (COUNT == 1) begin : g_wire
    wire unused_clock = clock;
    assign sum = in;
  end else begin : g_pairs
    logic [Half*BITS-1:0] pairs;
    always_ff @(posedge clock) begin
      for (int i = 0; i < COUNT / 2; i++)
        pairs[i*BITS+:BITS] <= in[2*i*BITS+:BITS] + in[(2*i+1)*BITS+:BITS];
      if (COUNT % 2 == 1) pairs[(Half-1)*BITS+:BITS] <= in[(COUNT-1)*BITS+:BITS];
    end
    licc_tree #(
        .COUNT(Half),
        .BITS (BITS)
    ) rest (
        .clock, .in(pairs), .sum
    );
  end
endmodule
