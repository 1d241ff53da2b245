// A signed number clipped to what OUT_BITS bits hold, signed or not, a cycle later.
module licc_saturate #(
    parameter int IN_BITS = 20,
    parameter int OUT_BITS = 8,
    parameter bit OUT_SIGNED = 1
) (
    input  logic                clock,
    input  logic [ IN_BITS-1:0] in,
    output logic [OUT_BITS-1:0] out
);
  localparam int Kept = OUT_SIGNED ? OUT_BITS - 1 : OUT_BITS;  // bits below the sign
  wire negative = in[IN_BITS-1];
  if (IN_BITS - 1 > Kept) begin : g_clip
    wire fits = in[IN_BITS-2:Kept] == {(IN_BITS - 1 - Kept) {negative}} && (OUT_SIGNED || !negative);
    wire [Kept-1:0] low = fits ? in[Kept-1:0] : {Kept{!negative}};
    always_ff @(posedge clock) out <= OUT_SIGNED ? OUT_BITS'({negative, low}) : OUT_BITS'(low);
  end else begin : g_fits
    wire [OUT_BITS-1:0] extended = OUT_BITS'($signed(in));
    always_ff @(posedge clock) out <= !OUT_SIGNED && negative ? '0 : extended;
  end
endmodule
