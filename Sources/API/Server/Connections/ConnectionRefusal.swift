import NIOCore

/// What a connection gets that is one too many: an answer at once, and the end.
enum ConnectionRefusal {
    /// Refuses a connection. Under TLS it is only closed: an answer would need a handshake.
    static func refuse(_ channel: any Channel, isSecure: Bool) -> EventLoopFuture<Void> {
        if isSecure { return channel.close(mode: .all).flatMapErrorThrowing { _ in } }
        channel.writeAndFlush(ByteBuffer(string: answer), promise: nil)
        return channel.close(mode: .all).flatMapErrorThrowing { _ in }
    }

    private static let content =
        #"{"error":"Service Unavailable","message":"too many connections; try again in a moment"}"#
    private static let answer = """
        HTTP/1.1 503 Service Unavailable\r
        Content-Type: application/json\r
        Content-Length: \(content.utf8.count)\r
        Retry-After: 1\r
        Connection: close\r
        \r
        \(content)
        """
}
