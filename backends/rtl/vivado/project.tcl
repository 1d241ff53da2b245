# What the scripts beside this one share. cores.tcl, which licc printed, says which cores there are, for
# which part, and with which clock.

set here [file dirname [file normalize [info script]]]
source [file join $here cores.tcl]

# The cores named on the command line, or all of them.
proc chosen_cores {} {
    global argv cores
    if {[llength $argv] == 0} {
        return $cores
    }
    foreach core $argv {
        if {$core ni $cores} {
            error "there is no core $core; there are [join $cores {, }]"
        }
    }
    return $argv
}

# A project with everything that a core is synthesised from: not the model of DSP48E2 in ../simulation,
# for Vivado has the primitive itself.
proc make_project {core folder} {
    global here part
    set own [file join $here .. $core]
    create_project -force $core $folder -part $part
    add_files -norecurse [glob -directory $own *.sv *.v]
    add_files -norecurse [glob -directory [file join $here .. library] *.sv]
    set constants [glob -nocomplain -directory $own *.hex]
    if {[llength $constants]} {
        add_files -norecurse $constants
        set_property file_type {Memory Initialization Files} [get_files $constants]
    }
    set clock [file join $own ${core}_ooc.xdc]
    add_files -fileset constrs_1 -norecurse $clock
    set_property used_in {synthesis implementation out_of_context} [get_files $clock]
    set_property top ${core}_ip [current_fileset]
    update_compile_order -fileset sources_1
}
