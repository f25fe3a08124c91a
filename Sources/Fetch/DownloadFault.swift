/// Why a download failed. Its text names the host and nothing else of the address, which may hold a secret.
public struct DownloadFault: Error, Sendable, Equatable, CustomStringConvertible {
    /// What went wrong.
    public enum Reason: Sendable, Equatable {
        /// The address is none that is fetched: why.
        case address(String)
        /// The host has this address, which is not for the public.
        case target(String, String)
        /// The host has no address: why.
        case unresolved(String)
        /// No connection came about, or it broke: why.
        case connection(String)
        /// The server sent nothing for so long.
        case idle(Duration)
        /// All took longer than this.
        case deadline(Duration)
        /// More bytes than are taken.
        case tooLarge(Int)
        /// More redirects than are followed.
        case redirects(Int)
        /// The answer has this status.
        case status(Int)
        /// The answer is encoded in a way that is not read.
        case encoding(String)
        /// The download was stopped by us.
        case cancelled
    }

    /// The host, with its port if that is not the usual one.
    public let host: String
    /// What went wrong.
    public let reason: Reason

    /// What is wrong: lower case, no full stop.
    public var description: String {
        switch reason {
        case .address(let why): host.isEmpty ? "the address is not taken: \(why)" : "\(host) is not asked: \(why)"
        case .target(let address, let why): "\(host) is not asked: its address \(address) is \(why)"
        case .unresolved(let why): "\(host) has no address: \(why)"
        case .connection(let why): "\(host): \(why)"
        case .idle(let time): "\(host) sent nothing for \(time.components.seconds) s"
        case .deadline(let time): "\(host) was not done after \(time.components.seconds) s"
        case .tooLarge(let bytes): "\(host) sends more than \(bytes) bytes"
        case .redirects(let count): "\(host) redirects more than \(count) times"
        case .status(let status): "\(host) answered with status \(status)"
        case .encoding(let name): "\(host) sends in the encoding \(name), which was not asked for"
        case .cancelled: "\(host): the download was stopped"
        }
    }
}
