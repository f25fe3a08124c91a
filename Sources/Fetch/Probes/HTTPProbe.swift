import AsyncHTTPClient
import FoundationEssentials
import NIOCore
import NIOHTTP1

/// Asks for a page and looks at the status only. What follows the head of the answer is not read, redirects are not
/// followed; certificates are checked.
struct HTTPProbe {
    private let download: Download

    init(timeout: Duration, roots: String?) {
        var limits = DownloadLimits()
        (limits.connect, limits.idle, limits.total) = (timeout, timeout, timeout)
        download = Download(limits: limits, targets: .publicHTTPS, roots: roots)
    }

    func failure(of text: String) async -> String? {
        do throws(DownloadFault) {
            let address = try DownloadAddress(text)
            try await ask(address)
            return nil
        } catch {
            return error.description
        }
    }

    private func ask(_ address: DownloadAddress) async throws(DownloadFault) {
        let end = ContinuousClock.now + download.limits.total
        // Knows how the client's errors are said.
        let attempt = DownloadAttempt(
            download: download, address: address, end: end, validators: DownloadValidators(), limit: 0, take: { _ in })
        do {
            let status = try await BoundedClient.run(download.plainConfiguration, within: download.limits.total) {
                client in
                var request = HTTPClientRequest(url: address.url.absoluteString)
                request.headers.add(name: "User-Agent", value: "WireBuddy")
                let response = try await client.execute(
                    request, deadline: .now() + TimeAmount(download.limits.total))
                return Int(response.status.code)
            }
            guard (200..<400).contains(status) else { throw attempt.fault(.status(status)) }
        } catch {
            throw attempt.fault(of: error) as? DownloadFault ?? attempt.fault(.connection("\(error)"))
        }
    }
}
