# Places and routes every core by itself, out of context, or those that are named:
#
#     vivado -mode batch -source implement.tcl [-tclargs CORE ...]
#
# What comes out is CORE_utilization.rpt, module by module, and CORE_timing.rpt, beside this file.

source [file join [file dirname [file normalize [info script]]] project.tcl]

foreach core [chosen_cores] {
    make_project $core [file join $here implementation $core]
    synth_design -top ${core}_ip -part $part -mode out_of_context
    opt_design
    place_design
    phys_opt_design
    route_design
    report_utilization -hierarchical -file [file join $here ${core}_utilization.rpt]
    report_timing_summary -file [file join $here ${core}_timing.rpt]
    puts "$core: slack of [get_property SLACK [get_timing_paths]] ns at a period of $period_ns ns"
    close_project
}
