// A simulation model of AMD's DSP48E2 after its user guide, UG579: the 27 x 18 multiplier with its
// pre-adder, and the 48-bit adder behind it, with all pipeline registers.
//
// Left out, and refused: pattern detection, SIMD, the logic unit, carries, control registers, cascades
// of A and B, and resets and clock enables that are not tied off. What is not refused is modelled for
// any value of OPMODE's four multiplexers, INMODE and ALUMODE 0000 (Z + W + X + Y) and 0011
// (Z - (W + X + Y)).
module DSP48E2 #(
    parameter AMULTSEL = "A",
    parameter BMULTSEL = "B",
    parameter A_INPUT = "DIRECT",
    parameter B_INPUT = "DIRECT",
    parameter PREADDINSEL = "A",
    parameter USE_MULT = "MULTIPLY",
    parameter USE_SIMD = "ONE48",
    parameter [47:0] RND = 48'h0,
    parameter int ACASCREG = 1,
    parameter int ADREG = 1,
    parameter int ALUMODEREG = 1,
    parameter int AREG = 1,
    parameter int BCASCREG = 1,
    parameter int BREG = 1,
    parameter int CARRYINREG = 1,
    parameter int CARRYINSELREG = 1,
    parameter int CREG = 1,
    parameter int DREG = 1,
    parameter int INMODEREG = 1,
    parameter int MREG = 1,
    parameter int OPMODEREG = 1,
    parameter int PREG = 1
) (
    input logic CLK,
    input logic [29:0] A, ACIN,
    input logic [17:0] B, BCIN,
    input logic [47:0] C, PCIN,
    input logic [26:0] D,
    input logic [3:0] ALUMODE,
    input logic [2:0] CARRYINSEL,
    input logic [4:0] INMODE,
    input logic [8:0] OPMODE,
    input logic CARRYIN, CARRYCASCIN, MULTSIGNIN,
    input logic CEA1, CEA2, CEAD, CEALUMODE, CEB1, CEB2, CEC, CECARRYIN, CECTRL, CED, CEINMODE, CEM, CEP,
    input logic RSTA, RSTALLCARRYIN, RSTALUMODE, RSTB, RSTC, RSTCTRL, RSTD, RSTINMODE, RSTM, RSTP,
    output logic [47:0] P, PCOUT,
    output logic [29:0] ACOUT,
    output logic [17:0] BCOUT,
    output logic [3:0] CARRYOUT,
    output logic [7:0] XOROUT,
    output logic CARRYCASCOUT, MULTSIGNOUT, OVERFLOW, UNDERFLOW, PATTERNDETECT, PATTERNBDETECT
);
  logic [29:0] a_1, a_2;
  logic [17:0] b_1, b_2;
  logic [26:0] d_1, ad_1, a_gated, d_gated, ad, multiplicand;
  logic [47:0] c_1, p_1, x, y, z, w, sum;
  logic signed [44:0] product, m_1;

  // Input registers: INMODE[0] and INMODE[4] choose the first of two, of one or none there is no choice.
  logic [26:0] a_in;
  logic [17:0] multiplier;
  assign a_in = AREG == 0 ? A[26:0] : AREG == 1 || !INMODE[0] ? a_2[26:0] : a_1[26:0];
  assign multiplier = BREG == 0 ? B : BREG == 1 || !INMODE[4] ? b_2 : b_1;

  // Pre-adder: INMODE[1] clears A, INMODE[2] lets D in, INMODE[3] subtracts.
  assign a_gated = INMODE[1] ? '0 : a_in;
  assign d_gated = !INMODE[2] ? '0 : DREG == 0 ? D : d_1;
  assign ad = INMODE[3] ? d_gated - a_gated : d_gated + a_gated;
  assign multiplicand = AMULTSEL == "A" ? a_gated : ADREG == 0 ? ad : ad_1;
  assign product = $signed(multiplicand) * $signed(multiplier);

  // Multiplexers: X and Y of M are the two halves of a product, which count as one.
  logic [47:0] m, c;
  assign m = 48'(MREG == 0 ? product : m_1);
  assign c = CREG == 0 ? C : c_1;
  always_comb begin
    case (OPMODE[1:0])
      2'b00: x = '0;
      2'b01: x = m;
      2'b10: x = p_1;
      2'b11: x = {AREG == 0 ? A : a_2, BREG == 0 ? B : b_2};
    endcase
    case (OPMODE[3:2])
      2'b00, 2'b01: y = '0;
      2'b10: y = '1;
      2'b11: y = c;
    endcase
    case (OPMODE[6:4])
      3'b001: z = PCIN;
      3'b010, 3'b100: z = p_1;
      3'b011: z = c;
      3'b101: z = {{17{PCIN[47]}}, PCIN[47:17]};
      3'b110: z = {{17{p_1[47]}}, p_1[47:17]};
      default: z = '0;
    endcase
    case (OPMODE[8:7])
      2'b00: w = '0;
      2'b01: w = p_1;
      2'b10: w = RND;
      2'b11: w = c;
    endcase
  end
  assign sum = ALUMODE == 4'b0011 ? z - (w + x + y) : z + w + x + y;

  always_ff @(posedge CLK) begin
    a_1 <= A;
    a_2 <= AREG == 2 ? a_1 : A;
    b_1 <= B;
    b_2 <= BREG == 2 ? b_1 : B;
    c_1 <= C;
    d_1 <= D;
    ad_1 <= ad;
    m_1 <= product;
    p_1 <= sum;
  end
  assign P = PREG == 0 ? sum : p_1;
  assign PCOUT = P;

  // What a user of these ports would need is not here.
  assign {ACOUT, BCOUT, CARRYOUT, XOROUT} = '0;
  assign {CARRYCASCOUT, MULTSIGNOUT, OVERFLOW, UNDERFLOW, PATTERNDETECT, PATTERNBDETECT} = '0;

  logic enabled, running, plain;
  assign enabled = &{CEA1, CEA2, CEAD, CEB1, CEB2, CEC, CED, CEM, CEP}
      && &{CEALUMODE, CECARRYIN, CECTRL, CEINMODE};
  assign running = !(RSTA || RSTALLCARRYIN || RSTALUMODE || RSTB || RSTC || RSTCTRL || RSTD
                     || RSTINMODE || RSTM || RSTP);
  assign plain = {CARRYIN, CARRYCASCIN, MULTSIGNIN, CARRYINSEL, ACIN, BCIN} == '0
      && (ALUMODE == 4'b0000 || ALUMODE == 4'b0011)
      && (OPMODE[1:0] == 2'b01) == (OPMODE[3:2] == 2'b01);
  always_ff @(posedge CLK) begin
    if (!(enabled && running && plain)) $fatal(1, "%m: this use of the slice is not modelled");
  end
  initial begin
    if (BMULTSEL != "B" || A_INPUT != "DIRECT" || B_INPUT != "DIRECT" || PREADDINSEL != "A"
        || USE_MULT != "MULTIPLY" || USE_SIMD != "ONE48"
        || ALUMODEREG + CARRYINREG + CARRYINSELREG + INMODEREG + OPMODEREG != 0
        || ACASCREG != AREG || BCASCREG != BREG
        || (AREG > 2 || BREG > 2 || CREG > 1 || DREG > 1 || ADREG > 1 || MREG > 1 || PREG > 1))
      $fatal(1, "%m: these parameters of the slice are not modelled");
  end
endmodule
