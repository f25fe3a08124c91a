import Model

/// Amounts as people read them: bytes in the binary units of `wg show` (IEC 80000-13), rates in bits per second with the
/// decimal units of network links (SI).
enum TrafficUnits {
    /// The units of bytes, each 1024 times the one before.
    static let bytes = ["B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"]
    private static let rates = ["bit/s", "kbit/s", "Mbit/s", "Gbit/s", "Tbit/s", "Pbit/s", "Ebit/s"]

    /// `1.4 MiB`.
    static func text(bytes count: UInt64) -> String { text(count, 1024, bytes) }

    /// `1.4 Mbit/s`.
    static func text(bitsPerSecond rate: UInt64) -> String { text(rate, 1000, rates) }

    private static func text(_ amount: UInt64, _ base: Double, _ units: [String]) -> String {
        guard Double(amount) >= base else { return "\(amount) \(units[0])" }
        var (value, unit) = (Double(amount), 0)
        // What would be shown as 1024.0 of a unit is 1.0 of the next.
        while (value * 10).rounded() >= base * 10, unit + 1 < units.count {
            value /= base
            unit += 1
        }
        return "\(JSONValue.decimalText(Int64((value * 10).rounded()), 1)) \(units[unit])"
    }
}
