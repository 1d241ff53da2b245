// An AXI4-Lite slave of 64 KiB: one write and one read at a time, address and data of a write in any
// order, every response OKAY. No output depends on an input of the same cycle but through `write` and
// `read`, which are strobes: `read_data` is what `read_word` holds in the cycle of `read`.
module licc_axi_lite (
    input  logic        clock,
    input  logic        reset,
    input  logic        awvalid,
    output logic        awready,
    input  logic [15:0] awaddr,
    input  logic        wvalid,
    output logic        wready,
    input  logic [31:0] wdata,
    input  logic [ 3:0] wstrb,
    output logic        bvalid,
    input  logic        bready,
    output logic [ 1:0] bresp,
    input  logic        arvalid,
    output logic        arready,
    input  logic [15:0] araddr,
    output logic        rvalid,
    input  logic        rready,
    output logic [31:0] rdata,
    output logic [ 1:0] rresp,
    output logic        write,
    output logic [13:0] write_word,
    output logic [31:0] write_data,
    output logic [ 3:0] write_bytes,
    output logic        read,
    output logic [13:0] read_word,
    input  logic [31:0] read_data
);
  logic has_address, has_data;
  assign awready = !has_address;
  assign wready = !has_data;
  assign write = has_address && has_data && !bvalid;
  assign bresp = 2'b00;
  always_ff @(posedge clock) begin
    if (awvalid && awready) write_word <= awaddr[15:2];
    if (wvalid && wready) begin
      write_data  <= wdata;
      write_bytes <= wstrb;
    end
    if (reset) begin
      has_address <= 1'b0;
      has_data <= 1'b0;
      bvalid <= 1'b0;
    end else begin
      has_address <= (has_address || awvalid) && !write;
      has_data <= (has_data || wvalid) && !write;
      bvalid <= write || (bvalid && !bready);
    end
  end

  assign arready = !rvalid;
  assign read = arvalid && arready;
  assign read_word = araddr[15:2];
  assign rresp = 2'b00;
  always_ff @(posedge clock) begin
    if (read) rdata <= read_data;
    if (reset) rvalid <= 1'b0;
    else rvalid <= read || (rvalid && !rready);
  end
  wire unused = &{1'b0, awaddr[1:0], araddr[1:0]};
endmodule
