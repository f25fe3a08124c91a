import Dispatch
public import Model

/// Asks over the network whether something answers: by TCP, HTTP or ICMP, each within the timeout of its probe.
public struct NetworkProbes: Sendable {
    /// Certificates that are trusted instead of the system's: the path of a PEM file.
    private let roots: String?

    /// More addresses of a name are not tried.
    private static let mostAddresses = 4

    /// Probes.
    ///
    /// - Parameter roots: a PEM file with the certificates to trust; nil: those of the system.
    public init(roots: String? = nil) {
        self.roots = roots
    }

    /// Runs a probe once.
    ///
    /// - Returns: why it failed: lower case, no full stop, equal for equal reasons; nil: it succeeded.
    public func failure(of probe: Settings.Probe) async -> String? {
        let end = ContinuousClock.now + probe.timeout
        switch probe.kind {
        case .http: return await HTTPProbe(timeout: probe.timeout, roots: roots).failure(of: probe.target)
        case .tcp:
            guard let endpoint = Endpoint(probe.target) else { return "it is no host with a port" }
            return await ask(endpoint.host, probe.timeout) { addresses in
                SocketProbe.connect(to: addresses, port: endpoint.port, until: end)
            }
        case .ping:
            guard let host = Self.host(probe.target) else { return "it is no address and no name" }
            return await ask(host, probe.timeout) { addresses in EchoProbe.ping(addresses, until: end) }
        }
    }

    private static func host(_ text: String) -> Endpoint.Host? {
        if let address = IPAddress(text) { return .address(address) }
        return HostName(text: Array(text.utf8)[...]).map { .name($0.value) }
    }

    /// Asks at all addresses of a host at once, on a thread that nobody else waits for.
    private func ask(
        _ host: Endpoint.Host, _ timeout: Duration, _ ask: @escaping @Sendable ([IPAddress]) -> ProbeOutcome
    ) async -> String? {
        let addresses: [IPAddress]
        switch host {
        case .address(let address): addresses = [address]
        case .name(let name):
            switch await SystemAddresses.of(name, limit: timeout) {
            case .success(let found): addresses = Array(found.prefix(Self.mostAddresses))
            case .failure(let failure): return "it has no address: \(failure.reason)"
            }
        }
        let outcome = await withCheckedContinuation { continuation in
            DispatchQueue(label: "wirebuddy.fetch.probe").async { continuation.resume(returning: ask(addresses)) }
        }
        switch outcome {
        case .answered: return nil
        case .failed(let why): return why
        case .silent: return "no answer within \(timeout.components.seconds) s"
        }
    }
}

/// What came of asking at the addresses of a host.
enum ProbeOutcome: Sendable {
    /// One answered.
    case answered
    /// All failed; why the last one did.
    case failed(String)
    /// Nobody had answered when the time was over.
    case silent
}
