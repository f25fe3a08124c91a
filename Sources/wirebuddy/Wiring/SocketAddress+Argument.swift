import ArgumentParser
import Model

extension SocketAddress: @retroactive ExpressibleByArgument {
    /// `127.0.0.1:8080` or `[::1]:8080`; port 0 lets the host choose.
    public init?(argument: String) {
        guard argument.hasSuffix(":0") else {
            guard let endpoint = Endpoint(argument)?.socketAddress else { return nil }
            self = endpoint
            return
        }
        guard let endpoint = Endpoint("\(argument.dropLast())1")?.socketAddress else { return nil }
        self.init(endpoint.address, port: 0)
    }
}
