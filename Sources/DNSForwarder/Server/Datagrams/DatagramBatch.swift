internal import CSocket
internal import Model

/// Datagrams that came together, and their answers. For one thread.
@safe struct DatagramBatch: ~Copyable {
    private let batch: OpaquePointer

    /// Nil if there is no memory.
    init?() {
        guard let batch = unsafe csocket_batch_new() else { return nil }
        unsafe self.batch = unsafe batch
    }

    deinit { unsafe csocket_batch_delete(batch) }

    /// The most datagrams of a batch.
    static var capacity: Int { CSOCKET_BATCH }

    /// Takes what is there: how many datagrams, or a negative errno.
    func receive(_ descriptor: CInt) -> Int { Int(unsafe csocket_batch_receive(batch, descriptor)) }

    /// Calls `body` with a datagram.
    func withMessage<Result>(_ number: Int, _ body: (Span<UInt8>) -> Result) -> Result {
        var length = 0
        let bytes = unsafe csocket_batch_message(batch, CInt(number), &length)
        let buffer = unsafe UnsafeBufferPointer(start: bytes, count: length)
        return unsafe body(buffer.span)
    }

    /// Who sent a datagram.
    func source(_ number: Int) -> csocket_place { unsafe csocket_batch_source(batch, CInt(number)) }

    /// Notes the answer to a datagram.
    func answer(_ number: Int, _ bytes: [UInt8]) {
        unsafe bytes.withUnsafeBufferPointer { buffer in
            unsafe csocket_batch_answer(batch, CInt(number), buffer.baseAddress, buffer.count)
        }
    }

    /// Sends the answers. What can't be sent is lost, as datagrams may be.
    func send(_ descriptor: CInt) { _ = unsafe csocket_batch_send(batch, descriptor) }
}
