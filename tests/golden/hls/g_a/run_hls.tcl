open_project -reset build_tcl
set_top g_a
add_files g_a.cpp -cflags "-std=c++17 -I../include"
add_files -tb g_a_test.cpp -cflags "-std=c++17 -I../include"
add_files -tb g_a_input.bin
add_files -tb g_a_expected.bin
open_solution -reset solution -flow_target vivado
set_part xczu9eg-ffvb1156-2-e
create_clock -period 5ns
config_dataflow -default_channel fifo
if {[catch {config_compile -pipeline_flush_in_task always}]} {
    puts "WARNING: this release has no flushable dataflow pipelines (2022.2 and later have)"
}
csim_design
csynth_design
cosim_design
export_design -format ip_catalog
exit
