import AsyncHTTPClient
import FoundationEssentials
import Model
import NIOCore
import NIOHTTP1
import NIOHTTPCompression
import NIOSSL

/// One address asked once: the first one of a download, one that a redirect led to, or that of a message.
struct DownloadAttempt {
    enum Outcome {
        case reply(DownloadReply)
        case redirect(String)
    }

    /// What is posted.
    struct Message: Sendable {
        var body: [UInt8]
        var headers: [(name: String, value: String)]
    }

    let download: Download
    let address: DownloadAddress
    /// When the whole download must be over.
    let end: ContinuousClock.Instant
    let validators: DownloadValidators
    let limit: Int
    let take: @Sendable ([UInt8]) throws -> Void
    /// What is posted; nil: a text is fetched.
    var message: Message?

    /// More addresses of a host are not tried.
    private static let mostAddresses = 4

    func run() async throws -> Outcome {
        var rest = try await checkedAddresses().prefix(Self.mostAddresses)
        while let target = rest.popFirst() {
            do {
                return try await ask(target)
            } catch {
                // The next address may have a route where this one has none.
                if !rest.isEmpty, Self.isUnconnected(error), ContinuousClock.now < end { continue }
                throw fault(of: error)
            }
        }
        throw fault(.unresolved("none is known"))
    }

    /// All addresses of the host; one that must not be asked spoils all.
    private func checkedAddresses() async throws -> [IPAddress] {
        let left = end - ContinuousClock.now
        guard left > .zero else { throw fault(.deadline(download.limits.total)) }
        let found: [IPAddress]
        switch await download.lookup(address.host, left) {
        case .success(let addresses): found = addresses
        case .failure(let failure): throw fault(.unresolved(failure.reason))
        }
        for target in found {
            if let why = download.targets.objection(to: target) { throw fault(.target("\(target)", why)) }
        }
        guard address.isEncrypted || found.allSatisfy(download.targets.isException) else {
            throw fault(.address("http is not https"))
        }
        return found
    }

    /// Asks the host at one of its checked addresses, by a client that knows no other.
    private func ask(_ target: IPAddress) async throws -> Outcome {
        try await BoundedClient.run(try configuration(target), within: end - ContinuousClock.now) { client in
            try await exchange(client)
        }
    }

    private func configuration(_ target: IPAddress) throws -> HTTPClient.Configuration {
        var tls = TLSConfiguration.makeClientConfiguration()
        tls.minimumTLSVersion = .tlsv12
        if let roots = download.roots { tls.trustRoots = .file(roots) }
        var configuration = HTTPClient.Configuration(
            tlsConfiguration: tls, redirectConfiguration: .disallow,
            timeout: HTTPClient.Configuration.Timeout(
                connect: TimeAmount(download.limits.connect), read: TimeAmount(download.limits.idle)),
            // A list shrinks to a tenth at most; what expands more is meant to fill the memory.
            proxy: nil, decompression: .enabled(limit: .ratio(100)))
        configuration.dnsOverride = [address.host: "\(target)"]
        configuration.httpVersion = .http1Only
        configuration.maximumUsesPerConnection = 1
        configuration.connectionPool.retryConnectionEstablishment = false
        return configuration
    }

    private func exchange(_ client: HTTPClient) async throws -> Outcome {
        var request = HTTPClientRequest(url: address.url.absoluteString)
        request.headers.add(name: "User-Agent", value: "WireBuddy")
        request.headers.add(name: "Accept-Encoding", value: "gzip")
        if let message {
            request.method = .POST
            request.headers.add(name: "Content-Type", value: "application/json")
            for (name, value) in message.headers { request.headers.add(name: name, value: value) }
            request.body = .bytes(message.body)
        }
        if let etag = validators.etag { request.headers.add(name: "If-None-Match", value: etag) }
        if let time = validators.lastModified { request.headers.add(name: "If-Modified-Since", value: time) }
        let response = try await client.execute(request, deadline: .now() + TimeAmount(end - ContinuousClock.now))
        if message != nil { return .reply(try await acknowledgement(response)) }
        switch response.status.code {
        case 200: return .reply(try await content(response))
        case 304 where validators != DownloadValidators(): return .reply(.notModified)
        case 301, 302, 303, 307, 308:
            guard let location = response.headers.first(name: "Location") else {
                throw fault(.status(Int(response.status.code)))
            }
            return .redirect(location)
        case let status: throw fault(.status(Int(status)))
        }
    }

    /// The message is delivered with the status; the rest is only read so that the server is not cut off.
    private func acknowledgement(_ response: HTTPClientResponse) async throws -> DownloadReply {
        guard (200..<300).contains(response.status.code) else { throw fault(.status(Int(response.status.code))) }
        var count = 0
        for try await piece in response.body {
            count += piece.readableBytes
            if count > limit { break }
        }
        return .content(type: nil, validators: DownloadValidators())
    }

    private func content(_ response: HTTPClientResponse) async throws -> DownloadReply {
        let encoding = response.headers.first(name: "Content-Encoding")?.lowercased() ?? "identity"
        guard ["identity", "gzip", "deflate"].contains(encoding) else { throw fault(.encoding(encoding)) }
        if encoding == "identity", let length = response.headers.first(name: "Content-Length").flatMap({ Int($0) }),
            length > limit
        {
            throw fault(.tooLarge(limit))
        }
        var count = 0
        for try await piece in response.body {
            count += piece.readableBytes
            guard count <= limit else { throw fault(.tooLarge(limit)) }
            do {
                try take(Array(piece.readableBytesView))
            } catch {
                throw TakeFailure(reason: error)
            }
        }
        let type = response.headers.first(name: "Content-Type")?.prefix { $0 != ";" }
        return .content(
            type: type.map { $0.lowercased().filter { $0 != " " } },
            validators: DownloadValidators(
                etag: response.headers.first(name: "ETag"), lastModified: response.headers.first(name: "Last-Modified"))
        )
    }
}

/// What the taker of the text threw, to be told apart from the client's errors.
struct TakeFailure: Error {
    let reason: any Error
}
