public import Fetch
public import Gateway

/// Messages are posted over HTTP.
extension Post: Messenger {
    /// Posts a body; returns once the receiver took it.
    public func post(_ body: [UInt8], headers: [(name: String, value: String)], to url: String) async throws {
        try await send(body, headers: headers, to: url)
    }
}
