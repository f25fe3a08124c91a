import Model

/// Posts a message to a server that an admin chose: bounded in bytes and time, at a public address by https, or at one
/// of his own networks by http too.
///
/// The address of the host is checked as for a ``Download``. Redirects are not followed: they would carry the message
/// to somebody whom nobody chose.
public struct Post: Sendable {
    private let download: Download

    /// Posts within these limits.
    ///
    /// - Parameters:
    ///   - targets: which hosts are asked.
    ///   - roots: a PEM file with the certificates to trust; nil: those of the system.
    public init(
        limits: DownloadLimits = .ofPosts, targets: DownloadTargets = .ownNetworks, roots: String? = nil
    ) {
        download = Download(limits: limits, targets: targets, roots: roots)
    }

    /// Posts a body; returns once the server took it (2xx). What it answers is not looked at.
    ///
    /// - Parameters:
    ///   - headers: headers besides `Content-Type: application/json`.
    ///   - address: begins with `https://` or `http://`.
    /// - Throws: ``DownloadFault``.
    public func send(_ body: [UInt8], headers: [(name: String, value: String)], to address: String) async throws {
        let address = try DownloadAddress(address)
        let attempt = DownloadAttempt(
            download: download, address: address, end: .now + download.limits.total, validators: DownloadValidators(),
            limit: Self.answerLimit, take: { _ in },
            message: DownloadAttempt.Message(body: body, headers: headers))
        _ = try await attempt.run()
    }

    /// More bytes of an answer are not read.
    private static let answerLimit = 65_536
}

extension DownloadLimits {
    /// The limits for a message: a server that takes longer is asked again later.
    public static let ofPosts: DownloadLimits = {
        var limits = DownloadLimits()
        limits.connect = .seconds(5)
        limits.idle = .seconds(10)
        limits.total = .seconds(15)
        return limits
    }()
}

extension DownloadTargets {
    /// Public addresses by https, and private ones and this host's own by http too: a chat server in the same network is
    /// normal. What is link-local is not asked: there clouds keep the credentials of their machines.
    public static let ownNetworks = DownloadTargets(
        exceptions: [
            Prefix(IPAddress(v4: 0x0A00_0000), length: 8), Prefix(IPAddress(v4: 0x6440_0000), length: 10),
            Prefix(IPAddress(v4: 0x7F00_0000), length: 8), Prefix(IPAddress(v4: 0xAC10_0000), length: 12),
            Prefix(IPAddress(v4: 0xC0A8_0000), length: 16), Prefix(IPAddress(v6: 0xFC00_0000_0000_0000, 0), length: 7),
            Prefix(IPAddress(v6: 0, 1), length: 128),
        ])
}
