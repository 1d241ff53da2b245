# Builds the bitstream of a design for a Zynq UltraScale+ board:
#
#     vivado -mode batch -source build.tcl
#
# design.tcl, which licc printed, says which cores there are, which backend makes them, and where their
# registers lie. Each core gets an AXI VDMA, whose two masters share a port of the processing system with
# those of every fourth core. All of it runs on pl_clk0. What comes out is licc.xsa, licc.bit and licc.hwh,
# beside this file.

set here [file dirname [file normalize [info script]]]
source [file join $here design.tcl]

# For each backend, the vendor and library of its IPs, where they may lie, and what makes them: from HLS,
# v++ and vitis-run, or run_hls.tcl.
set backends {
    hls {
        vendor xilinx.com:hls
        places {vitis/hls/impl/ip build_tcl/solution/impl/ip}
        hint "run 'make package' (or 'vitis_hls -f run_hls.tcl') in ../hls first"
    }
    rtl {
        vendor licc:rtl
        places ip
        hint "run 'vivado -mode batch -source package_ip.tcl' in ../rtl/vivado first"
    }
}

proc ip_folder {here backend name} {
    global backends
    foreach place [dict get $backends $backend places] {
        set folder [file join $here .. $backend $name $place]
        if {[file exists [file join $folder component.xml]]} {
            return $folder
        }
    }
    error "$name has no IP yet: [dict get $backends $backend hint]"
}

# The newest board file of that name.
proc board_part {name} {
    set parts [lsort -dictionary [get_board_parts "*:${name}*:*"]]
    if {[llength $parts] == 0} {
        error "Vivado has no board files of $name: install them (Tools, XHub Stores), or set board"
    }
    return [lindex $parts end]
}

# The first pin of that name that a cell has: HLS renames ports that are words of VHDL.
proc stream_pin {cell names} {
    foreach name $names {
        set pin [get_bd_intf_pins -quiet $cell/$name]
        if {[llength $pin]} {
            return $pin
        }
    }
    error "$cell has none of the ports $names"
}

# The smallest memory width of a VDMA, in bits, that is no narrower than a stream.
proc memory_bits {bits} {
    set width 64
    while {$width < $bits} {
        set width [expr {2 * $width}]
    }
    return $width
}

proc make_processor {clock_mhz ports} {
    set ps [create_bd_cell -type ip -vlnv xilinx.com:ip:zynq_ultra_ps_e ps]
    apply_bd_automation -rule xilinx.com:bd_rule:zynq_ultra_ps_e \
        -config {apply_board_preset 1} $ps
    set options [list \
        CONFIG.PSU__CRL_APB__PL0_REF_CTRL__FREQMHZ $clock_mhz \
        CONFIG.PSU__USE__M_AXI_GP0 1 \
        CONFIG.PSU__USE__M_AXI_GP1 0 \
        CONFIG.PSU__USE__M_AXI_GP2 0]
    for {set port 0} {$port < 4} {incr port} {
        lappend options CONFIG.PSU__USE__S_AXI_GP[expr {2 + $port}] [expr {$port < $ports}]
    }
    set_property -dict $options $ps
    create_bd_cell -type ip -vlnv xilinx.com:ip:proc_sys_reset reset
    connect_bd_net [get_bd_pins ps/pl_clk0] [get_bd_pins reset/slowest_sync_clk]
    connect_bd_net [get_bd_pins ps/pl_resetn0] [get_bd_pins reset/ext_reset_in]
    clock ps maxihpm0_fpd_aclk
    for {set port 0} {$port < $ports} {incr port} {
        clock ps saxihp${port}_fpd_aclk
    }
}

proc clock {cell args} {
    foreach pin $args {
        connect_bd_net [get_bd_pins ps/pl_clk0] [get_bd_pins $cell/$pin]
    }
}

proc reset {cell pin} {
    connect_bd_net [get_bd_pins reset/peripheral_aresetn] [get_bd_pins $cell/$pin]
}

proc join_pins {first second} {
    connect_bd_intf_net [get_bd_intf_pins $first] [get_bd_intf_pins $second]
}

proc make_interconnect {name slaves masters} {
    set cell [create_bd_cell -type ip -vlnv xilinx.com:ip:smartconnect $name]
    set_property -dict [list CONFIG.NUM_SI $slaves CONFIG.NUM_MI $masters] $cell
    clock $name aclk
    reset $name aresetn
}

proc make_core {core} {
    global backend backends
    set name [dict get $core name]
    create_bd_cell -type ip -vlnv [dict get $backends $backend vendor]:$name $name
    clock $name ap_clk
    reset $name ap_rst_n
    set in_bits [dict get $core in_bits]
    set out_bits [dict get $core out_bits]
    set dma [create_bd_cell -type ip -vlnv xilinx.com:ip:axi_vdma ${name}_dma]
    set_property -dict [list \
        CONFIG.c_num_fstores 1 \
        CONFIG.c_addr_width 64 \
        CONFIG.c_include_mm2s 1 \
        CONFIG.c_include_s2mm 1 \
        CONFIG.c_use_mm2s_fsync 0 \
        CONFIG.c_use_s2mm_fsync 2 \
        CONFIG.c_mm2s_genlock_mode 0 \
        CONFIG.c_s2mm_genlock_mode 0 \
        CONFIG.c_m_axis_mm2s_tdata_width $in_bits \
        CONFIG.c_s_axis_s2mm_tdata_width $out_bits \
        CONFIG.c_m_axi_mm2s_data_width [memory_bits $in_bits] \
        CONFIG.c_m_axi_s2mm_data_width [memory_bits $out_bits]] $dma
    clock ${name}_dma s_axi_lite_aclk m_axi_mm2s_aclk m_axis_mm2s_aclk m_axi_s2mm_aclk s_axis_s2mm_aclk
    reset ${name}_dma axi_resetn
    join_pins ${name}_dma/M_AXIS_MM2S [stream_pin $name {in_r in}]
    join_pins [stream_pin $name {out_r out}] ${name}_dma/S_AXIS_S2MM
}

proc place {space segment address} {
    assign_bd_address -target_address_space [get_bd_addr_spaces $space] \
        -offset $address -range 64K [get_bd_addr_segs $segment]
}

proc make_design {clock_mhz cores} {
    set count [llength $cores]
    set ports [expr {min($count, 4)}]
    make_processor $clock_mhz $ports
    make_interconnect control 1 [expr {2 * $count}]
    join_pins ps/M_AXI_HPM0_FPD control/S00_AXI
    for {set port 0} {$port < $ports} {incr port} {
        set members [expr {($count - $port + 3) / 4}]
        make_interconnect memory$port [expr {2 * $members}] 1
        join_pins memory$port/M00_AXI ps/S_AXI_HP${port}_FPD
    }
    set number 0
    foreach core $cores {
        set name [dict get $core name]
        make_core $core
        join_pins control/[format M%02d_AXI [expr {2 * $number}]] $name/s_axi_control
        join_pins control/[format M%02d_AXI [expr {2 * $number + 1}]] ${name}_dma/S_AXI_LITE
        set memory memory[expr {$number % 4}]
        set slave [expr {2 * ($number / 4)}]
        join_pins ${name}_dma/M_AXI_MM2S $memory/[format S%02d_AXI $slave]
        join_pins ${name}_dma/M_AXI_S2MM $memory/[format S%02d_AXI [expr {$slave + 1}]]
        place ps/Data $name/s_axi_control/Reg [dict get $core control]
        place ps/Data ${name}_dma/S_AXI_LITE/Reg [dict get $core dma]
        incr number
    }
    assign_bd_address
}

set repositories {}
foreach core $cores {
    lappend repositories [ip_folder $here $backend [dict get $core name]]
}
create_project -force licc [file join $here project] -part $part
if {$board ne ""} {
    set_property board_part [board_part $board] [current_project]
}
set_property ip_repo_paths $repositories [current_project]
update_ip_catalog
create_bd_design licc
make_design $clock_mhz $cores
validate_bd_design
save_bd_design
set design [get_files licc.bd]
add_files -norecurse [make_wrapper -files $design -top]
set_property top licc_wrapper [current_fileset]
launch_runs impl_1 -to_step write_bitstream -jobs 4
wait_on_run impl_1
if {[get_property PROGRESS [get_runs impl_1]] ne "100%"} {
    error "the implementation failed: see project/licc.runs/impl_1/runme.log"
}
write_hw_platform -fixed -include_bit -force [file join $here licc.xsa]
file copy -force [glob [file join $here project licc.runs impl_1 *.bit]] [file join $here licc.bit]
file copy -force [lindex [glob [file join $here project licc.* sources_1 bd licc hw_handoff licc.hwh]] 0] \
    [file join $here licc.hwh]
