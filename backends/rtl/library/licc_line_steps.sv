// When a line buffer takes words and when it sends windows: the loop of line_buffer.h, a step at a time.
//
// The prologue takes the rows that the first phase needs. Then each of ROWS phases sends READS window
// words and takes what is due, both spread evenly over its steps: of N events in S steps, one is in a
// step if a credit that gains N a step reaches S. Where the ring has room, words of the next frame are
// taken early if they are there, and not again where they are due.
module licc_line_steps #(
    parameter int WIDTH_WORDS = 1,
    parameter int HEIGHT = 1,
    parameter int ROWS = 1,
    parameter int STEP = 1,
    parameter int MOST = 0,
    parameter int READS = 1
) (
    input  logic clock,
    input  logic reset,
    input  logic in_valid,
    input  logic room,
    output logic takes,
    output logic sends,
    output logic next_phase,
    output logic next_frame
);
  // The last row that phase t needs; in front of the frame there is row -1.
  function automatic int last_row(input int t);
    int row;
    row = t * STEP + MOST;
    last_row = t >= ROWS ? HEIGHT - 1 : row < -1 ? -1 : row > HEIGHT - 1 ? HEIGHT - 1 : row;
  endfunction
  function automatic int most_rows(input int none);
    int rows;
    rows = none;
    for (int t = 0; t < ROWS; t++)
      if (last_row(t + 1) - last_row(t) > rows) rows = last_row(t + 1) - last_row(t);
    most_rows = rows;
  endfunction

  localparam int MostRows = most_rows(0);
  localparam int FirstRows = last_row(0) + 1;
  localparam int Prologue = FirstRows * WIDTH_WORDS;
  localparam int PhaseSteps = READS > MostRows * WIDTH_WORDS ? READS : MostRows * WIDTH_WORDS;
  localparam int CreditBits = $clog2(PhaseSteps + 1) + 2;
  localparam int FillBits = $clog2(Prologue + 1) + 1;
  localparam int RowBits = $clog2(HEIGHT + ROWS * STEP + MOST + STEP + 2) + 2;
  localparam int DueBits = MostRows > 0 ? $clog2(MostRows + 1) : 1;
  localparam int EarlyBits = FirstRows > 0 ? $clog2(FirstRows + 1) : 1;
  localparam int StepBits = PhaseSteps > 1 ? $clog2(PhaseSteps) : 1;
  localparam int PhaseBits = ROWS > 1 ? $clog2(ROWS) : 1;

  logic go, filling, wanted;
  logic [FillBits-1:0] unfilled, ahead, early;
  logic signed [CreditBits-1:0] write_credit, read_credit, due, write_excess, read_excess;

  // Rows that are due in the present phase, and rows of the next frame for which there is room.
  logic signed [RowBits-1:0] reach, needed, needed_next, spare;
  logic phase_last;
  assign needed = reach < -RowBits'(1) ? -RowBits'(1)
      : reach > RowBits'(HEIGHT - 1) ? RowBits'(HEIGHT - 1) : reach;
  assign spare = reach + RowBits'(STEP) - RowBits'(HEIGHT - 1);
  assign needed_next = phase_last || !spare[RowBits-1] ? RowBits'(HEIGHT - 1)
      : reach + RowBits'(STEP) < -RowBits'(1) ? -RowBits'(1) : reach + RowBits'(STEP);
  wire [DueBits-1:0] due_rows = DueBits'(needed_next - needed);
  wire [EarlyBits-1:0] early_rows = spare[RowBits-1] ? '0
      : spare > RowBits'(FirstRows) ? EarlyBits'(FirstRows) : EarlyBits'(spare);
  always_comb begin
    due = '0;
    for (int rows = 1; rows <= MostRows; rows++)
      if (due_rows == DueBits'(rows)) due = CreditBits'(rows * WIDTH_WORDS);
    early = '0;
    for (int rows = 1; rows <= FirstRows; rows++)
      if (early_rows == EarlyBits'(rows)) early = FillBits'(rows * WIDTH_WORDS);
  end

  assign filling = unfilled != '0;
  assign write_excess = write_credit + (due - CreditBits'(PhaseSteps));
  assign read_excess = read_credit + CreditBits'(READS - PhaseSteps);
  assign wanted = filling || !write_excess[CreditBits-1];
  wire reads = !filling && !read_excess[CreditBits-1];
  wire demands = wanted && ahead == '0;
  wire writes = wanted ? demands : !filling && ahead < early && in_valid;
  assign go = (!demands || in_valid) && (!reads || room);
  assign takes = go && writes;
  assign sends = go && reads;

  logic step_last;
  /* verilator lint_off UNUSEDSIGNAL */
  logic [StepBits-1:0] step;
  logic [PhaseBits-1:0] phase;
  /* verilator lint_on UNUSEDSIGNAL */
  licc_counter #(
      .COUNT(PhaseSteps)
  ) step_counter (
      .clock, .reset, .step(go && !filling), .value(step), .last(step_last), .wrap(next_phase)
  );
  licc_counter #(
      .COUNT(ROWS)
  ) phase_counter (
      .clock, .reset, .step(next_phase), .value(phase), .last(phase_last), .wrap(next_frame)
  );
  wire unused_last = step_last;

  always_ff @(posedge clock) begin
    if (reset) begin
      unfilled <= FillBits'(Prologue);
      ahead <= '0;
      write_credit <= '0;
      read_credit <= '0;
      reach <= RowBits'(MOST);
    end else if (go) begin
      if (wanted && !writes) ahead <= ahead - 1'b1;
      if (writes && !wanted) ahead <= ahead + 1'b1;
      if (filling) unfilled <= unfilled - 1'b1;
      else begin
        write_credit <= !write_excess[CreditBits-1] ? write_excess : write_credit + due;
        read_credit  <= !read_excess[CreditBits-1] ? read_excess : read_credit + CreditBits'(READS);
      end
      if (next_phase) reach <= next_frame ? RowBits'(MOST) : reach + RowBits'(STEP);
      if (next_frame) begin
        unfilled <= FillBits'(Prologue);
        write_credit <= '0;
        read_credit <= '0;
      end
    end
  end
endmodule
