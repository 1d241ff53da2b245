// Every kind of cell that calibrate counts: registers, LUTs, a carry chain, distributed RAM, a shift
// register, block RAM and a DSP slice.
module leaf(input clk, input rst, input [7:0] a, input [7:0] b, output reg [8:0] sum);
  always @(posedge clk) if (rst) sum <= 0; else sum <= a + b;
endmodule

module memories(input clk, input we, input [5:0] at, input [9:0] far, input [17:0] in,
                output reg [17:0] near_out, output reg [17:0] far_out, output late);
  (* ram_style = "distributed" *) reg [17:0] near [0:63];
  (* ram_style = "block" *) reg [17:0] block [0:1023];
  reg [31:0] delay;
  always @(posedge clk) begin
    if (we) near[at] <= in;
    near_out <= near[at];
    if (we) block[far] <= in;
    far_out <= block[far];
    delay <= {delay[30:0], in[0]};
  end
  assign late = delay[31];
endmodule

module cells(input clk, input rst, input we, input [7:0] a, input [7:0] b, input [9:0] at,
            input signed [17:0] x, input signed [17:0] y,
            output [8:0] s, output [8:0] t, output [17:0] near_out, output [17:0] far_out,
            output late, output reg signed [35:0] product);
  leaf first(.clk(clk), .rst(rst), .a(a), .b(b), .sum(s));
  leaf second(.clk(clk), .rst(rst), .a(a), .b(s[7:0]), .sum(t));
  memories held(.clk(clk), .we(we), .at(at[5:0]), .far(at), .in(x), .near_out(near_out),
                .far_out(far_out), .late(late));
  always @(posedge clk) product <= x * y;
endmodule
