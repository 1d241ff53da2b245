// a * b of signed numbers in LUTs, four cycles later: b's bits add up a, shifted.
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
  logic [A_BITS-1:0] a_1;
  logic [B_BITS-1:0] b_1;
  logic [Bits-1:0] sum, p_1, p_2;
  always_comb begin
    sum = '0;
    for (int i = 0; i < B_BITS - 1; i++) if (b_1[i]) sum = sum + (Bits'($signed(a_1)) << i);
    if (b_1[B_BITS-1]) sum = sum - (Bits'($signed(a_1)) << (B_BITS - 1));
  end
  always_ff @(posedge clock) begin
    a_1 <= a;
    b_1 <= b;
    p_1 <= sum;
    p_2 <= p_1;
    p   <= p_2;
  end
endmodule
