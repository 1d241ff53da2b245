// The registers of an IP core that Vitis HLS gives the protocol ap_ctrl_hs behind AXI4-Lite (AMD UG1399,
// S_AXILITE Control Register Map):
//
//   0x0  bit 0 start: set by a write, cleared when a frame has been taken unless the core restarts
//        bit 1 done, bit 3 ready: a frame has left, has been taken; cleared by a read
//        bit 2 idle, bit 7 restart by itself, bit 9 interrupt
//   0x4  bit 0: interrupts at all
//   0x8  bit 0, 1: interrupts for done, ready
//   0xc  bit 0, 1: these happened while their interrupt was enabled; a written 1 toggles
//
// Every other address reads as zero, and takes no write. `taken`, `left` are strobes of licc_frames.
module licc_control (
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
    input  logic        taken,
    input  logic        left,
    input  logic        idle,
    output logic        start,
    output logic        interrupt
);
  localparam bit [13:0] Control = 0, Global = 1, Enabled = 2, Status = 3;

  logic write, read, low, clears;
  logic [13:0] write_word, read_word;
  logic [31:0] write_data, read_data;
  logic [3:0] write_bytes;
  licc_axi_lite bus (
      .clock, .reset, .awvalid, .awready, .awaddr, .wvalid, .wready, .wdata, .wstrb, .bvalid,
      .bready, .bresp, .arvalid, .arready, .araddr, .rvalid, .rready, .rdata, .rresp, .write,
      .write_word, .write_data, .write_bytes, .read, .read_word, .read_data
  );
  // All bits that can be written lie in the lowest byte.
  assign low = write && write_bytes[0];
  assign clears = read && read_word == Control;
  wire unused = &{1'b0, write_data[31:8], write_data[6:2], write_bytes[3:1]};

  logic restart, done, ready, global_enable;
  logic [1:0] enabled, status, events, toggled;
  assign events  = {taken, left} & enabled;
  assign toggled = low && write_word == Status ? status ^ write_data[1:0] : status;
  always_ff @(posedge clock) begin
    if (reset) begin
      {start, restart, done, ready, global_enable, interrupt} <= '0;
      {enabled, status} <= '0;
    end else begin
      if (low && write_word == Control) restart <= write_data[7];
      if (low && write_word == Control && write_data[0]) start <= 1'b1;
      else if (taken) start <= restart;
      done  <= left || (done && !clears);
      ready <= taken || (ready && !clears);
      if (low && write_word == Global) global_enable <= write_data[0];
      if (low && write_word == Enabled) enabled <= write_data[1:0];
      status <= toggled | events;
      interrupt <= global_enable && status != '0;
    end
  end

  always_comb begin
    case (read_word)
      Control: read_data = {22'b0, interrupt, 1'b0, restart, 3'b0, ready, idle, done, start};
      Global: read_data = {31'b0, global_enable};
      Enabled: read_data = {30'b0, enabled};
      Status: read_data = {30'b0, status};
      default: read_data = '0;
    endcase
  end
endmodule
