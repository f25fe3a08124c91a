import Fetch
import Model
import Synchronization
import Testing

/// What a download handed over.
final class Taken: Sendable {
    private let state = Mutex<[UInt8]>([])

    var take: @Sendable ([UInt8]) throws -> Void { { [self] piece in state.withLock { $0 += piece } } }

    var text: String { state.withLock { String(decoding: $0, as: UTF8.self) } }
    var count: Int { state.withLock { $0.count } }
}

extension DownloadTargets {
    /// The address of the test server, and no other of the loopback interface.
    static func server() throws -> DownloadTargets {
        DownloadTargets(exceptions: [try #require(Prefix("127.0.0.2/32"))])
    }
}

/// The reason of the fault that a download ends with.
func reason(_ download: Download, _ url: String, limit: Int = 1 << 20) async throws -> DownloadFault.Reason {
    try await fault(download, url, limit: limit).reason
}

func fault(_ download: Download, _ url: String, limit: Int = 1 << 20) async throws -> DownloadFault {
    do {
        let reply = try await download.get(url, limit: limit) { _ in }
        throw Unexpected(reply: "\(reply)")
    } catch let fault as DownloadFault {
        return fault
    }
}

struct Unexpected: Error { let reply: String }
