import Gateway
import HTTPTypes
import Manifest
import Model

/// Looks at the sources of blocklists now, and waits for the end of it as long as the request wants.
struct BlocklistUpdate {
    private let names: Set<String>?
    private let isForced: Bool
    private let wait: Duration

    /// - Throws: ``APIFailure``: 400 for the query, 422 for fields.
    init(_ request: APIRequest, in state: ResourceState) throws(APIFailure) {
        wait = try request.wait()
        var body = try ActionBody(request)
        let lists = body.strings("lists")
        isForced = body.boolean("force") ?? false
        for name in lists where state.declared.tree.blocklist(name) == nil {
            body.refuse("lists", "there is no blocklist \"\(name)\"")
        }
        try body.finish()
        names = lists.isEmpty ? nil : Set(lists)
    }

    /// 200 with what became of the lists; 202 with how far they are when the time ran out. The work goes on.
    func response(_ dns: any DNSService) async -> APIResponse {
        let (stream, continuation) = AsyncStream.makeStream(of: [BlocklistStatus]?.self)
        let (names, isForced, wait) = (names, isForced, wait)
        Task { continuation.yield(await dns.updateBlocklists(names, force: isForced)) }
        let timer = Task {
            // Cancelled: it ended in time.
            guard (try? await Task.sleep(for: wait)) != nil else { return }
            continuation.yield(nil)
        }
        var ended: [BlocklistStatus]?
        for await first in stream {
            ended = first
            break
        }
        timer.cancel()
        guard let ended else {
            let present = dns.blocklistStatuses.filter { names?.contains($0.name) ?? ($0.state != .disabled) }
            return Self.answer(.accepted, present)
        }
        return Self.answer(.ok, ended)
    }

    private static func answer(_ status: HTTPResponse.Status, _ statuses: [BlocklistStatus]) -> APIResponse {
        APIResponse(
            status: status,
            json: .object([
                ("success", .boolean(true)),
                (
                    "data",
                    .array(statuses.map { status in .object([("name", .string(status.name))] + status.entries) })
                ),
            ]))
    }
}
