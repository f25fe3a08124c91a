/// What a conversation needs of a socket: whole datagrams in both directions.
///
/// `NetlinkSocket` is the real one; tests put one in its place that forces faults.
protocol Transport: AnyObject {
    /// The port id the kernel gave this socket; replies carry it.
    var portID: UInt32 { get }
    /// Sends one datagram.
    func send(_ datagram: [UInt8]) throws(NetlinkError)
    /// Receives one datagram into the buffer and returns its length; nil when none came in time.
    func receive(into buffer: inout [UInt8]) throws(NetlinkError) -> Int?
    /// Throws away everything that waits to be received, without waiting for more.
    func discard()
}
