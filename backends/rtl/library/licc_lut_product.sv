// a * b of signed numbers in LUTs, four cycles later: the bits of the narrower one add up the other one,
// shifted.
module licc_lut_product #(
    parameter int A_BITS = 4,
    parameter int B_BITS = 4
) (
    input  logic                     clock,
    input  logic [       A_BITS-1:0] a,
    input  logic [       B_BITS-1:0] b,
    output logic [A_BITS+B_BITS-1:0] p
);
  localparam int Bits = A_BITS + B_BITS;
  localparam int Wide = A_BITS > B_BITS ? A_BITS : B_BITS;
  localparam int Narrow = Bits - Wide;
  logic [  Wide-1:0] wide;
  logic [Narrow-1:0] narrow;
  logic [Bits-1:0] sum, p_1, p_2;
  if (A_BITS >= B_BITS) begin : g_by_b
    always_ff @(posedge clock) {wide, narrow} <= {a, b};
  end else begin : g_by_a
    always_ff @(posedge clock) {wide, narrow} <= {b, a};
  end
  always_comb begin
    sum = '0;
    for (int i = 0; i < Narrow - 1; i++)
      if (narrow[i]) sum = sum + (Bits'($signed(wide)) << i);
    if (narrow[Narrow-1]) sum = sum - (Bits'($signed(wide)) << (Narrow - 1));
  end
  always_ff @(posedge clock) begin
    p_1 <= sum;
    p_2 <= p_1;
    p   <= p_2;
  end
endmodule
