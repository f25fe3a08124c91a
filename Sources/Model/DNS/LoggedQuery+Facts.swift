extension LoggedQuery {
    /// A row without its times, in parts that are cheap to share and to compare.
    public final class Facts: Sendable {
        /// The name that was asked for.
        public let domain: HashedText
        /// Who asked; nil in a row that does not say.
        public let asker: Asker?
        /// What decided; nil where no rule did.
        public let cause: Cause?
        /// The upstream that answered.
        public let upstream: HashedText?
        /// The type that was asked for.
        public let type: UInt16
        /// The response code of the answer.
        public let responseCode: UInt16
        /// What became of it.
        public let status: QueryLogRow.Status
        /// Why.
        public let reason: QueryLogRow.Reason
        /// Where the answer came from.
        public let origin: QueryLogRow.Origin

        /// What a row says, but for its times.
        public init(_ row: QueryLogRow) {
            domain = HashedText(row.domain)
            asker = row.client.isEmpty ? nil : Asker(client: HashedText(row.client), address: row.address)
            cause = Cause(
                rule: row.rule.map { HashedText($0) }, source: row.source.map { HashedText($0) },
                list: row.list.map { HashedText($0) })
            upstream = row.upstream.map { HashedText($0) }
            type = row.type
            responseCode = row.responseCode
            status = row.status
            reason = row.reason
            origin = row.origin
        }
    }

    /// Who asked.
    public final class Asker: Sendable, Equatable {
        /// The peer, as `interface/name`.
        public let client: HashedText
        /// The address it asked from.
        public let address: IPAddress
        /// A hash of both.
        public let hash: Int

        /// Somebody at an address.
        public init(client: HashedText, address: IPAddress) {
            self.client = client
            self.address = address
            var hasher = Hasher()
            hasher.combine(client)
            hasher.combine(address)
            hash = hasher.finalize()
        }

        /// Compares client and address.
        public static func == (a: Asker, b: Asker) -> Bool {
            a === b || (a.hash == b.hash && a.client == b.client && a.address == b.address)
        }
    }

    /// What decided.
    public final class Cause: Sendable, Equatable {
        /// The deciding rule as it was written.
        public let rule: HashedText?
        /// Where it stands.
        public let source: HashedText?
        /// The name of its blocklist.
        public let list: HashedText?
        /// A hash of all three.
        public let hash: Int

        /// A cause of these parts; nil if there is none of them.
        public init?(rule: HashedText?, source: HashedText?, list: HashedText?) {
            guard rule != nil || source != nil || list != nil else { return nil }
            self.rule = rule
            self.source = source
            self.list = list
            var hasher = Hasher()
            hasher.combine(rule)
            hasher.combine(source)
            hasher.combine(list)
            hash = hasher.finalize()
        }

        /// Compares all parts.
        public static func == (a: Cause, b: Cause) -> Bool {
            a === b || (a.hash == b.hash && a.rule == b.rule && a.source == b.source && a.list == b.list)
        }
    }
}
