// (a * b + c) for a of up to 44 bits and b of up to 18, signed, in one slice for 27 bits of a, else two;
// c is a constant of up to 61 bits. LATENCY 4 or 5.
//
// With two: a's lower 17 bits times b, and what is above them times b plus that shifted right by 17.
module licc_wide_product #(
    parameter int A_BITS = 27,
    parameter int B_BITS = 18,
    parameter bit [63:0] CONSTANT = '0
) (
    input  logic              clock,
    input  logic [A_BITS-1:0] a,
    input  logic [B_BITS-1:0] b,
    output logic [      64:0] p
);
  wire [17:0] factor = 18'($signed(b));
  wire [47:0] unused_above;
  if (A_BITS <= 27) begin : g_one
    wire [26:0] wide = 27'($signed(a));
    wire [47:0] low;
    licc_slice #(
        .ADDS_C(1)
    ) slice (
        .clock,
        .a(wide),
        .d('0),
        .b(factor),
        .c(CONSTANT[47:0]),
        .below('0),
        .above(unused_above),
        .p(low)
    );
    assign p = 65'($signed(low));
  end else begin : g_two
    wire [47:0] cascade, low, high;
    logic [26:0] a_high;
    logic [17:0] factor_high;
    logic [16:0] low_1;
    always_ff @(posedge clock) begin
      a_high <= 27'($signed(a[A_BITS-1:17]));
      factor_high <= factor;
      low_1 <= low[16:0];
    end
    licc_slice #(
        .ADDS_C(1)
    ) lower (
        .clock,
        .a({10'b0, a[16:0]}),
        .d('0),
        .b(factor),
        .c({31'b0, CONSTANT[16:0]}),
        .below('0),
        .above(cascade),
        .p(low)
    );
    licc_slice #(
        .ADDS_C (1),
        .CASCADE(2)
    ) upper (
        .clock,
        .a(a_high),
        .d('0),
        .b(factor_high),
        .c({1'b0, CONSTANT[63:17]}),
        .below(cascade),
        .above(unused_above),
        .p(high)
    );
    assign p = {high, low_1};
    wire unused_low = &{1'b0, low[47:17]};
  end
endmodule
