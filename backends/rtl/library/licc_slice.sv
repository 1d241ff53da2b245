// A DSP48E2 (AMD UG579) as the engines use it, all of its registers in use:
//
//   p(t + 4) = (a(t) + d(t)) * b(t) + z + c(t + 2)      d with JOINS, c with ADDS_C, else 0
//   z: 0, the cascade of the slice below, or that shifted right by 17 (CASCADE 0, 1, 2)
//
// a and d are signed with 27 bits, b with 18, c and p with 48. With LICC_GENERIC defined it is plain
// arithmetic, for other vendors.
module licc_slice #(
    parameter bit JOINS   = 0,
    parameter bit ADDS_C  = 0,
    parameter int CASCADE = 0
) (
    input  logic        clock,
    input  logic [26:0] a,
    input  logic [26:0] d,
    input  logic [17:0] b,
    input  logic [47:0] c,
    input  logic [47:0] below,
    output logic [47:0] above,
    output logic [47:0] p
);
  localparam bit [1:0] W = ADDS_C ? 2'b11 : 2'b00;
  localparam bit [2:0] Z = CASCADE == 0 ? 3'b000 : CASCADE == 1 ? 3'b001 : 3'b101;
`ifdef LICC_GENERIC
  logic signed [26:0] a_1, a_2, d_1;
  logic signed [17:0] b_1, b_2;
  logic signed [44:0] m;
  logic signed [47:0] c_1, z;
  assign z = Z == 3'b000 ? '0 : Z == 3'b001 ? below : {{17{below[47]}}, below[47:17]};
  always_ff @(posedge clock) begin
    a_1 <= a;
    d_1 <= JOINS ? d : '0;
    a_2 <= a_1 + d_1;
    b_1 <= b;
    b_2 <= b_1;
    m   <= a_2 * b_2;
    c_1 <= W == 2'b00 ? '0 : c;
    p   <= 48'(m) + c_1 + z;
  end
  assign above = p;
`else
  /* verilator lint_off PINCONNECTEMPTY */
  DSP48E2 #(
      .AMULTSEL(JOINS ? "AD" : "A"),
      .AREG(JOINS ? 1 : 2),
      .ACASCREG(JOINS ? 1 : 2),
      .BREG(2),
      .BCASCREG(2),
      .CREG(1),
      .DREG(1),
      .ADREG(1),
      .MREG(1),
      .PREG(1),
      .ALUMODEREG(0),
      .CARRYINREG(0),
      .CARRYINSELREG(0),
      .INMODEREG(0),
      .OPMODEREG(0),
      .USE_MULT("MULTIPLY")
  ) slice (
      .CLK(clock),
      .A({{3{a[26]}}, a}),
      .B(b),
      .C(c),
      .D(d),
      .ACIN('0),
      .BCIN('0),
      .PCIN(below),
      .CARRYIN(1'b0),
      .CARRYCASCIN(1'b0),
      .MULTSIGNIN(1'b0),
      .ALUMODE(4'b0000),
      .CARRYINSEL(3'b000),
      .INMODE(JOINS ? 5'b00100 : 5'b00000),
      .OPMODE({W, Z, 4'b0101}),
      .CEA1(1'b1),
      .CEA2(1'b1),
      .CEAD(1'b1),
      .CEALUMODE(1'b1),
      .CEB1(1'b1),
      .CEB2(1'b1),
      .CEC(1'b1),
      .CECARRYIN(1'b1),
      .CECTRL(1'b1),
      .CED(1'b1),
      .CEINMODE(1'b1),
      .CEM(1'b1),
      .CEP(1'b1),
      .RSTA(1'b0),
      .RSTALLCARRYIN(1'b0),
      .RSTALUMODE(1'b0),
      .RSTB(1'b0),
      .RSTC(1'b0),
      .RSTCTRL(1'b0),
      .RSTD(1'b0),
      .RSTINMODE(1'b0),
      .RSTM(1'b0),
      .RSTP(1'b0),
      .P(p),
      .PCOUT(above),
      .ACOUT(),
      .BCOUT(),
      .CARRYCASCOUT(),
      .CARRYOUT(),
      .MULTSIGNOUT(),
      .OVERFLOW(),
      .PATTERNBDETECT(),
      .PATTERNDETECT(),
      .UNDERFLOW(),
      .XOROUT()
  );
  /* verilator lint_on PINCONNECTEMPTY */
`endif
endmodule
