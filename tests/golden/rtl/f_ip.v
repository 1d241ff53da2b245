// f as an IP core, with the ports and registers of the one from HLS.
/* verilator lint_off SYMRSVDWORD */
module f_ip (
    input wire ap_clk,
    input wire ap_rst_n,
    output wire interrupt,
    input wire s_axi_control_AWVALID,
    output wire s_axi_control_AWREADY,
    input wire [15:0] s_axi_control_AWADDR,
    input wire s_axi_control_WVALID,
    output wire s_axi_control_WREADY,
    input wire [31:0] s_axi_control_WDATA,
    input wire [3:0] s_axi_control_WSTRB,
    output wire s_axi_control_BVALID,
    input wire s_axi_control_BREADY,
    output wire [1:0] s_axi_control_BRESP,
    input wire s_axi_control_ARVALID,
    output wire s_axi_control_ARREADY,
    input wire [15:0] s_axi_control_ARADDR,
    output wire s_axi_control_RVALID,
    input wire s_axi_control_RREADY,
    output wire [31:0] s_axi_control_RDATA,
    output wire [1:0] s_axi_control_RRESP,
    input wire in_r_TVALID,
    output wire in_r_TREADY,
    input wire [15:0] in_r_TDATA,
    input wire [1:0] in_r_TKEEP,
    input wire [1:0] in_r_TSTRB,
    input wire in_r_TUSER,
    input wire in_r_TLAST,
    input wire in_r_TID,
    input wire in_r_TDEST,
    output wire out_r_TVALID,
    input wire out_r_TREADY,
    output wire [15:0] out_r_TDATA,
    output wire [1:0] out_r_TKEEP,
    output wire [1:0] out_r_TSTRB,
    output wire out_r_TUSER,
    output wire out_r_TLAST,
    output wire out_r_TID,
    output wire out_r_TDEST
);
  /* verilator lint_on SYMRSVDWORD */
  wire reset = !ap_rst_n;
  wire start, taken, left, idle, core_tvalid, core_tready;
  wire unused = &{1'b0, in_r_TKEEP, in_r_TSTRB, in_r_TUSER, in_r_TLAST, in_r_TID, in_r_TDEST};
  assign out_r_TKEEP = {2{1'b1}};
  assign out_r_TSTRB = {2{1'b1}};
  assign out_r_TID = 1'b0;
  assign out_r_TDEST = 1'b0;

  licc_control control (
    .clock(ap_clk),
    .reset(reset),
    .awvalid(s_axi_control_AWVALID),
    .awready(s_axi_control_AWREADY),
    .awaddr(s_axi_control_AWADDR),
    .wvalid(s_axi_control_WVALID),
    .wready(s_axi_control_WREADY),
    .wdata(s_axi_control_WDATA),
    .wstrb(s_axi_control_WSTRB),
    .bvalid(s_axi_control_BVALID),
    .bready(s_axi_control_BREADY),
    .bresp(s_axi_control_BRESP),
    .arvalid(s_axi_control_ARVALID),
    .arready(s_axi_control_ARREADY),
    .araddr(s_axi_control_ARADDR),
    .rvalid(s_axi_control_RVALID),
    .rready(s_axi_control_RREADY),
    .rdata(s_axi_control_RDATA),
    .rresp(s_axi_control_RRESP),
    .taken(taken),
    .left(left),
    .idle(idle),
    .start(start),
    .interrupt(interrupt)
  );

  licc_frames #(.IN_BEATS(16), .OUT_BEATS(32)) frames (
    .clock(ap_clk),
    .reset(reset),
    .start(start),
    .core_tvalid(core_tvalid),
    .core_tready(core_tready),
    .taken(taken),
    .left(left),
    .idle(idle),
    .in_tvalid(in_r_TVALID),
    .out_tvalid(out_r_TVALID),
    .in_tready(in_r_TREADY),
    .out_tready(out_r_TREADY)
  );

  f core (
    .clock(ap_clk),
    .reset(reset),
    .in_tvalid(core_tvalid),
    .in_tready(core_tready),
    .in_tdata(in_r_TDATA),
    .out_tvalid(out_r_TVALID),
    .out_tready(out_r_TREADY),
    .out_tdata(out_r_TDATA),
    .out_tuser(out_r_TUSER),
    .out_tlast(out_r_TLAST)
  );
endmodule
