import Model
import NIOCore

/// Fetches texts from servers that somebody else chose: bounded in bytes and time, and never from an address that is
/// not public.
///
/// The name is looked up here, every address is checked, and the connection goes to a checked one, so that a name
/// server that answers differently the second time wins nothing. Redirects are followed by hand, each checked like the
/// first address. There are no proxies, no cookies and no connections that stay.
public struct Download: Sendable {
    /// The addresses of a host within the time.
    typealias Lookup = @Sendable (_ host: String, _ limit: Duration) async -> Result<[IPAddress], LookupFailure>

    let limits: DownloadLimits
    let targets: DownloadTargets
    /// Certificates that are trusted instead of the system's: the path of a PEM file.
    let roots: String?
    let lookup: Lookup

    /// Downloads within these limits.
    ///
    /// - Parameters:
    ///   - targets: which hosts are asked.
    ///   - roots: a PEM file with the certificates to trust; nil: those of the system.
    public init(
        limits: DownloadLimits = DownloadLimits(), targets: DownloadTargets = .publicHTTPS, roots: String? = nil
    ) {
        self.init(limits: limits, targets: targets, roots: roots) { host, limit in
            await SystemAddresses.of(host, limit: limit)
        }
    }

    init(limits: DownloadLimits, targets: DownloadTargets, roots: String?, lookup: @escaping Lookup) {
        self.limits = limits
        self.targets = targets
        self.roots = roots
        self.lookup = lookup
    }

    /// Fetches a text.
    ///
    /// - Parameters:
    ///   - address: begins with `https://`.
    ///   - validators: what the server told when the text at hand was fetched.
    ///   - limit: the most bytes that are taken, after decoding.
    ///   - take: gets the text piece by piece, in order; what it throws ends the download.
    /// - Throws: ``DownloadFault``, or what `take` threw.
    public func get(
        _ address: String, validators: DownloadValidators = DownloadValidators(), limit: Int,
        _ take: @escaping @Sendable ([UInt8]) throws -> Void
    ) async throws -> DownloadReply {
        var address = try DownloadAddress(address)
        let end = ContinuousClock.now + limits.total
        for _ in 0...limits.redirects {
            let attempt = DownloadAttempt(
                download: self, address: address, end: end, validators: validators, limit: limit, take: take)
            switch try await attempt.run() {
            case .reply(let reply): return reply
            case .redirect(let location): address = try address.redirected(to: location)
            }
        }
        throw DownloadFault(host: address.label, reason: .redirects(limits.redirects))
    }
}
