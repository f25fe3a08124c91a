import Model

/// The fields of an element of `probes` of the settings.
enum ProbeFields {
    static let table = FieldTable<ProbeEntry> {
        Field(
            "tcp", .endpoint, "A connection to it comes about; either this or one of the next two.", \.tcp)
        Field("http", .probeAddress, "A GET of it is answered with a status of 200 to 399.", \.http)
        Field("ping", .host, "It answers an echo request (ICMP).", \.ping)
        Field(
            "timeout", .duration(1...10, "of 1 to 10 seconds"),
            "How long an answer is waited for, looking up the name included.", default: .string("2s"), \.timeout)
    }

    /// The fields of which an element has exactly one.
    static let targets = ["tcp", "http", "ping"]
}

/// An element of `probes` as it is written.
struct ProbeEntry: Sendable {
    var tcp: Endpoint?
    var http: String?
    var ping: Endpoint.Host?
    var timeout = Settings.Probe.defaultTimeout

    init() {}

    init(_ probe: Settings.Probe) {
        switch probe.kind {
        case .tcp: tcp = Endpoint(probe.target)
        case .http: http = probe.target
        case .ping:
            let name = { HostName(text: Array(probe.target.utf8)[...]).map { Endpoint.Host.name($0.value) } }
            ping = IPAddress(probe.target).map { .address($0) } ?? name()
        }
        timeout = probe.timeout
    }

    /// What it means; nil while it names nothing to ask.
    var probe: Settings.Probe? {
        if let tcp { return Settings.Probe(.tcp, tcp.description, timeout: timeout) }
        if let http { return Settings.Probe(.http, http, timeout: timeout) }
        switch ping {
        case .address(let address): return Settings.Probe(.ping, address.description, timeout: timeout)
        case .name(let name): return Settings.Probe(.ping, name, timeout: timeout)
        case nil: return nil
        }
    }
}
