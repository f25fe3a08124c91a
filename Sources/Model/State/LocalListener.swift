/// A port that a program of the host listens on.
public struct LocalListener: Sendable, Hashable {
    /// The protocol.
    public var transport: Forward.Transport
    /// The port.
    public var port: UInt16
    /// The program's name as the kernel has it (`/proc/PID/comm`); nil when it can't be told.
    public var program: String?

    /// A listener.
    public init(transport: Forward.Transport, port: UInt16, program: String? = nil) {
        self.transport = transport
        self.port = port
        self.program = program
    }
}
