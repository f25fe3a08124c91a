/// Numbers and words as people read them.
public enum Counting {
    /// `9,980`.
    public static func grouped(_ number: Int) -> String {
        let digits = String(number.magnitude)
        var result = ""
        for (index, digit) in digits.enumerated() {
            if index > 0, (digits.count - index).isMultiple(of: 3) { result += "," }
            result.append(digit)
        }
        return (number < 0 ? "-" : "") + result
    }

    /// `1 peer`, `2 peers`, `9,980 peers`.
    public static func counted(_ number: Int, _ singular: String, _ plural: String? = nil) -> String {
        "\(grouped(number)) \(number == 1 ? singular : plural ?? singular + "s")"
    }

    /// `12 s`, `3 min`, `5 h`, `2 d`: how long something took or lies back, one unit.
    public static func duration(seconds: Int64) -> String {
        switch max(0, seconds) {
        case let s where s < 120: "\(s) s"
        case let s where s < 7200: "\(s / 60) min"
        case let s where s < 172_800: "\(s / 3600) h"
        case let s: "\(s / 86_400) d"
        }
    }
}

extension ObjectID.Kind {
    /// The kind inside a sentence: `peer`, `peers`.
    func noun(_ number: Int) -> String {
        switch self {
        case .interface: number == 1 ? "interface" : "interfaces"
        case .peer: number == 1 ? "peer" : "peers"
        case .route: number == 1 ? "route" : "routes"
        case .rule: number == 1 ? "rule" : "rules"
        case .access: number == 1 ? "access document" : "access documents"
        case .forward: number == 1 ? "forward" : "forwards"
        case .firewall: number == 1 ? "firewall table" : "firewall tables"
        case .sysctl: number == 1 ? "kernel parameter" : "kernel parameters"
        case .user: number == 1 ? "user" : "users"
        case .settings: number == 1 ? "settings document" : "settings documents"
        case .dnsSettings: number == 1 ? "DNS forwarder" : "DNS forwarders"
        case .blocklist: number == 1 ? "blocklist" : "blocklists"
        case .dnsRule: number == 1 ? "DNS rule" : "DNS rules"
        }
    }
}
