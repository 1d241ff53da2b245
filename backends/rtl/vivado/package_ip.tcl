# Packages every core as an IP, or those that are named:
#
#     vivado -mode batch -source package_ip.tcl [-tclargs CORE ...]
#
# The IP licc:rtl:CORE:1.0 lies in ../CORE/ip then. It has the interfaces and registers of the one that
# Vitis HLS exports: s_axi_control, in_r, out_r, interrupt, ap_clk and ap_rst_n.

source [file join [file dirname [file normalize [info script]]] project.tcl]

proc package_core {core} {
    global here
    make_project $core [file join $here packaging $core]
    ipx::package_project -root_dir [file join $here .. $core ip] -vendor licc -library rtl \
        -taxonomy /UserIP -import_files -force -set_current true
    set ip [ipx::current_core]
    set_property name $core $ip
    set_property version 1.0 $ip
    set_property display_name "$core by licc" $ip
    set_property description "The transform $core of a learned image codec, as SystemVerilog" $ip
    foreach interface {s_axi_control in_r out_r} {
        if {[llength [ipx::get_bus_interfaces -quiet $interface -of_objects $ip]] == 0} {
            error "$core: Vivado infers no interface $interface from the ports"
        }
        ipx::associate_bus_interfaces -busif $interface -clock ap_clk -reset ap_rst_n $ip
    }
    ipx::infer_bus_interface interrupt xilinx.com:signal:interrupt_rtl:1.0 $ip
    make_registers $ip
    ipx::create_xgui_files $ip
    ipx::update_checksums $ip
    ipx::check_integrity $ip
    ipx::save_core $ip
    close_project
}

# The address block has the name that HLS gives it, for block designs name it.
proc make_registers {ip} {
    foreach map [ipx::get_memory_maps -quiet -of_objects $ip] {
        ipx::remove_memory_map [get_property NAME $map] $ip
    }
    set map [ipx::add_memory_map s_axi_control $ip]
    set_property slave_memory_map_ref s_axi_control \
        [ipx::get_bus_interfaces s_axi_control -of_objects $ip]
    set registers [ipx::add_address_block Reg $map]
    set_property range 65536 $registers
    set_property width 32 $registers
    set_property usage register $registers
}

foreach core [chosen_cores] {
    package_core $core
}
