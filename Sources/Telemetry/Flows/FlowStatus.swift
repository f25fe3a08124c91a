import Glibc
import Model
import Netlink

/// What the kernel's parameters and a list of its connections say of the counting of flows.
enum FlowStatus {
    /// The status after a look, by the parameters of the calling thread's network namespace.
    static func now(
        _ ledger: FlowLedger, lostEvents: UInt64, failure: String?, warning: String?
    ) -> TelemetryStatus.Flows {
        var status = TelemetryStatus.Flows()
        status.unaccounted = ledger.unaccounted
        status.lostEvents = lostEvents
        status.count = parameter("nf_conntrack_count")
        status.limit = parameter("nf_conntrack_max")
        let isCounting = parameter("nf_conntrack_acct")
        let isTelling = parameter("nf_conntrack_events")
        status.message = failure ?? hindrance(isCounting) ?? warning
        status.state = failure ?? hindrance(isCounting) == nil ? .accounted : .unaccounted
        if status.message == nil, isTelling == 0 {
            status.message = "short flows are missed: set the kernel parameter net.netfilter.nf_conntrack_events to 1"
        } else if status.message == nil, ledger.overflow > 0 {
            status.message =
                "more than \(FlowLedger.limit) flows at a time: what those beyond move is counted when they end"
        }
        return status
    }

    /// What keeps a list from being read, for people.
    static func text(of error: NetlinkError) -> String {
        if error.isNotPermitted { return "\(error): the daemon needs CAP_NET_ADMIN" }
        if error.isNotSupported { return "\(error): load the kernel module nf_conntrack_netlink" }
        return "\(error)"
    }

    private static func hindrance(_ isCounting: Int?) -> String? {
        switch isCounting {
        case nil: "the kernel tracks no connections: load the kernel module nf_conntrack"
        case 0: "the kernel doesn't count: set the kernel parameter net.netfilter.nf_conntrack_acct to 1"
        default: nil
        }
    }

    /// A number below `/proc/sys/net/netfilter`; nil when there is none.
    private static func parameter(_ name: String) -> Int? {
        let descriptor = unsafe open("/proc/sys/net/netfilter/" + name, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { _ = close(descriptor) }
        var buffer = [UInt8](repeating: 0, count: 32)
        let count = unsafe read(descriptor, &buffer, buffer.count)
        guard count > 0 else { return nil }
        return Int(String(decoding: buffer[..<count].prefix { $0 > 32 }, as: UTF8.self))
    }
}
