import CLibC

/// The clock of the kernel.
public enum KernelClock {
    /// Whether it follows another one (NTP, or the host of a virtual machine); nil when it can't be asked.
    public static var isSynchronised: Bool? {
        switch wirebuddy_clock_is_synchronised() {
        case 0: false
        case 1: true
        default: nil
        }
    }
}
