/// Posts a message to an address.
public protocol Messenger: Sendable {
    /// Posts a body; returns once the receiver took it.
    ///
    /// - Throws: why it did not, in words that hold nothing of the address but its host.
    func post(_ body: [UInt8], headers: [(name: String, value: String)], to url: String) async throws
}
