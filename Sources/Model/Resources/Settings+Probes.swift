extension Settings {
    /// What has to answer once a change on trial was made.
    public struct Probe: Sendable, Hashable, CustomStringConvertible {
        /// How it is asked.
        public enum Kind: String, Sendable, Hashable, CaseIterable {
            /// A connection to `host:port`.
            case tcp
            /// A GET of a web address, answered with a status of 200 to 399.
            case http
            /// An echo request (ICMP).
            case ping
        }

        /// How it is asked.
        public var kind: Kind
        /// What is asked: `host:port`, a web address, or an address or name.
        public var target: String
        /// How long an answer is waited for, looking up the name included; 2 s.
        public var timeout: Duration

        /// A probe.
        public init(_ kind: Kind, _ target: String, timeout: Duration = Self.defaultTimeout) {
            self.kind = kind
            self.target = target
            self.timeout = timeout
        }

        /// How long an answer is waited for where nothing is said.
        public static let defaultTimeout: Duration = .seconds(2)

        /// `tcp 198.51.100.7:443`.
        public var description: String { "\(kind.rawValue) \(target)" }

        /// Whether both ask for the same, however long they wait.
        public func asks(as other: Probe) -> Bool { kind == other.kind && target == other.target }
    }
}

extension [Settings.Probe] {
    /// These, and those of others that ask for something else.
    public func joined(by others: [Settings.Probe]) -> [Settings.Probe] {
        others.reduce(into: self) { all, other in
            if !all.contains(where: { $0.asks(as: other) }) { all.append(other) }
        }
    }
}
