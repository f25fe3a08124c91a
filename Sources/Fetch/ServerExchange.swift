import AsyncHTTPClient
import NIOCore
import NIOHTTP1

/// Talks to one server that a person named himself: requests and answers in memory, bounded in bytes and time.
///
/// Its address is not checked as that of a ``Download`` is: a gateway may well have one of a private network. Redirects
/// are not followed, since they would carry the token elsewhere; there are no proxies, no cookies and no connections
/// that stay.
public struct ServerExchange: Sendable {
    /// The methods.
    public enum Method: Sendable {
        /// Reads.
        case get
        /// Asks for something to be done.
        case post
    }

    /// An answer, whatever its status is.
    public struct Answer: Sendable {
        /// The status.
        public var status: Int
        /// The headers by their names in lower case; of several of one name the first.
        public var headers: [String: String]
        /// The content.
        public var body: [UInt8]
    }

    private let address: DownloadAddress
    private let base: String
    private let download: Download

    /// More bytes of an answer are not taken.
    private static let answerLimit = 64 << 20

    /// A server.
    ///
    /// - Parameters:
    ///   - address: begins with `https://` or `http://` and ends with the host or its port.
    ///   - roots: a PEM file with the certificates to trust; nil: those of the system.
    ///   - limits: the longest times.
    /// - Throws: ``DownloadFault`` when the address is none.
    public init(_ address: String, roots: String? = nil, limits: DownloadLimits = .ofExchanges) throws(DownloadFault) {
        var base = address
        while base.hasSuffix("/") { base.removeLast() }
        self.address = try DownloadAddress(base)
        self.base = base
        download = Download(limits: limits, targets: .publicHTTPS, roots: roots)
    }

    /// The host, without the brackets of an IPv6 address.
    public var host: String { address.host }

    /// Whether the address begins with `https://`.
    public var isEncrypted: Bool { address.isEncrypted }

    /// Sends a request.
    ///
    /// - Parameters:
    ///   - target: the path and query, from the slash on.
    ///   - headers: headers besides those of the content.
    ///   - body: JSON; nil: none.
    /// - Throws: ``DownloadFault`` when there is no answer.
    public func send(
        _ method: Method, _ target: String, headers: [(name: String, value: String)] = [], body: [UInt8]? = nil
    ) async throws(DownloadFault) -> Answer {
        let end = ContinuousClock.now + download.limits.total
        // Knows how the client's errors are said.
        let attempt = DownloadAttempt(
            download: download, address: address, end: end, validators: DownloadValidators(), limit: Self.answerLimit,
            take: { _ in })
        var request = HTTPClientRequest(url: base + target)
        request.headers.add(name: "User-Agent", value: "WireBuddy")
        for (name, value) in headers { request.headers.add(name: name, value: value) }
        if method == .post { request.method = .POST }
        if let body {
            request.headers.add(name: "Content-Type", value: "application/json")
            request.body = .bytes(body)
        }
        do {
            return try await exchange(request)
        } catch {
            throw attempt.fault(of: error) as? DownloadFault ?? attempt.fault(.connection("\(error)"))
        }
    }

    private func exchange(_ request: HTTPClientRequest) async throws -> Answer {
        try await BoundedClient.run(download.plainConfiguration, within: download.limits.total) { client in
            let response = try await client.execute(request, deadline: .now() + TimeAmount(download.limits.total))
            var body: [UInt8] = []
            for try await piece in response.body {
                guard body.count + piece.readableBytes <= Self.answerLimit else {
                    throw DownloadFault(host: address.label, reason: .tooLarge(Self.answerLimit))
                }
                body += piece.readableBytesView
            }
            var headers: [String: String] = [:]
            for (name, value) in response.headers where headers[name.lowercased()] == nil {
                headers[name.lowercased()] = value
            }
            return Answer(status: Int(response.status.code), headers: headers, body: body)
        }
    }
}

extension DownloadLimits {
    /// The limits for a question to a gateway: a plan of many thousand peers takes seconds.
    public static let ofExchanges: DownloadLimits = {
        var limits = DownloadLimits()
        limits.connect = .seconds(10)
        limits.idle = .seconds(60)
        limits.total = .seconds(120)
        return limits
    }()
}
