// f(x): x^2, or |x| if L1, without its lowest DROP bits, rounded; signed, never negative. LATENCY 4, or 1
// if L1.
module licc_norm_term #(
    parameter int INPUT_BITS = 8,
    parameter bit INPUT_SIGNED = 1,
    parameter bit L1 = 0,
    parameter int DROP = 0,
    parameter int TERM_BITS = 16
) (
    input  logic                  clock,
    input  logic [INPUT_BITS-1:0] x,
    output logic [ TERM_BITS-1:0] term
);
  localparam bit [47:0] Half = DROP == 0 ? '0 : 48'd1 << (DROP - 1);
  wire negative = INPUT_SIGNED && x[INPUT_BITS-1];
  if (L1) begin : g_magnitude
    localparam int Bits = INPUT_BITS + 2;
    wire [Bits-1:0] value = Bits'($signed({negative, x}));
    wire [Bits-1:0] magnitude = negative ? -value : value;
    wire [Bits-1:0] rounded = magnitude + Bits'(Half);
    always_ff @(posedge clock) term <= TERM_BITS'($signed(rounded[Bits-1:DROP]));
    if (DROP > 0) begin : g_fraction
      wire unused = &{1'b0, rounded[DROP-1:0]};
    end
  end else begin : g_square
    wire [47:0] p, unused_above;
    wire [INPUT_BITS:0] value = {negative, x};
    wire [26:0] wide = 27'($signed(value));
    wire [17:0] narrow = 18'($signed(value));
    licc_slice #(
        .ADDS_C(1)
    ) slice (
        .clock,
        .a(wide),
        .d('0),
        .b(narrow),
        .c(Half),
        .below('0),
        .above(unused_above),
        .p
    );
    assign term = TERM_BITS'(p >> DROP);
    wire unused = &{1'b0, p};
  end
endmodule
