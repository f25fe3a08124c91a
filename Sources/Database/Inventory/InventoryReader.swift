import GRDB
import Model
import Reconciler

/// Reads the whole inventory from its tables. A row that doesn't make sense is an error, never left out: a peer or
/// interface that is missing here would no longer be ours.
enum InventoryReader {
    static func read(_ db: Database) throws -> InventorySnapshot {
        var inventory = InventorySnapshot()
        try readOwned(db, into: &inventory)
        try readPeers(db, into: &inventory)
        try readState(db, into: &inventory)
        try CheckpointReader.read(db, into: &inventory)
        return inventory
    }

    private static func readOwned(_ db: Database, into inventory: inout InventorySnapshot) throws {
        let interfaces = "SELECT name, origin, boot_id, namespace, link_index, implementation FROM interface"
        try each(db, interfaces) { row in
            let host = HostIdentity(bootID: try row[2], namespace: UInt64(bitPattern: try row[3]))
            let interface = OwnedInterface(
                name: try row[0], origin: try value(row[1], "interface.origin"), host: host, index: try row[4],
                implementation: try value(row[5], "interface.implementation"))
            inventory.interfaces[interface.name] = interface
        }
        inventory.applied.reserveCapacity(try Int.fetchOne(db, sql: "SELECT count(*) FROM applied") ?? 0)
        try each(db, "SELECT kind, name, digest FROM applied") { row in
            inventory.applied[ObjectID(try value(row[0], "applied.kind"), try row[1])] = try row[2] as String
        }
        try each(db, "SELECT policy_digest, listing_digest FROM firewall") { row in
            inventory.firewall = FirewallStructure(policyDigest: try row[0], listingDigest: try row[1])
        }
        try each(db, "SELECT path, prior, written FROM sysctl") { row in
            inventory.sysctls[Sysctl(try row[0])] = SysctlOwnership(prior: try row[1], written: try row[2])
        }
    }

    private static func readPeers(_ db: Database, into inventory: inout InventorySnapshot) throws {
        inventory.endpoints.reserveCapacity(try Int.fetchOne(db, sql: "SELECT count(*) FROM endpoint") ?? 0)
        try each(db, "SELECT interface, public_key, address, port FROM endpoint") { row in
            guard let address = IPAddress(try row[2] as String), let port = UInt16(exactly: try row[3] as Int64) else {
                throw damaged("endpoint")
            }
            let peer = PeerID(interface: try row[0], publicKey: try key(row[1], "endpoint.public_key"))
            inventory.endpoints[peer] = SocketAddress(address, port: port)
        }
        inventory.peers.reserveCapacity(try Int.fetchOne(db, sql: "SELECT count(*) FROM peer") ?? 0)
        try each(db, "SELECT interface, public_key, id, addresses FROM peer") { row in
            let peer = PeerID(interface: try row[0], publicKey: try key(row[1], "peer.public_key"))
            let addresses = try (row[3] as String).split(separator: ",").map {
                try address(String($0), "peer.addresses")
            }
            inventory.peers[peer] = KnownPeer(id: try row[2], addresses: addresses)
        }
        try each(db, "SELECT interface, address, at FROM released_address") { row in
            let released = TunnelAddress(
                interface: try row[0], address: try address(row[1], "released_address.address"))
            inventory.released[released] = try row.time(2)
        }
        try each(db, "SELECT interface, public_key, expires_at FROM expired") { row in
            let peer = PeerID(interface: try row[0], publicKey: try key(row[1], "expired.public_key"))
            inventory.expired[peer] = try row.time(2)
        }
        try each(db, "SELECT public_key, until, author FROM revocation ORDER BY public_key") { row in
            inventory.revocations.append(
                Revocation(
                    publicKey: try key(row[0], "revocation.public_key"), until: try row.time(1),
                    author: try row[2]))
        }
    }

    private static func readState(_ db: Database, into inventory: inout InventorySnapshot) throws {
        try each(db, "SELECT digest FROM approval") { row in inventory.approvals.insert(try row[0]) }
        try each(db, "SELECT reason, until FROM suspension") { row in
            inventory.suspension = Suspension(reason: try row[0], until: try row.optionalTime(1))
        }
        try each(db, "SELECT value FROM meta WHERE key = 'last_pass'") { row in
            guard let seconds = Int64(try row[0] as String) else { throw damaged("meta") }
            inventory.lastPass = Timestamp(seconds: seconds)
        }
        try each(db, "SELECT revision, message, at FROM last_applied") { row in
            inventory.lastApplied = RevisionRecord(
                id: try row[0], status: .applied, message: try row[1], at: try row.time(2))
        }
        try each(db, "SELECT fingerprint, object_kind, object_name, last_seen FROM drift WHERE healed_at IS NULL") {
            row in
            inventory.standingDrift[try row[0]] = StandingDrift(
                object: ObjectID(try value(row[1], "drift.object_kind"), try row[2]), lastSeen: try row.time(3))
        }
        let conditions =
            "SELECT object_kind, object_name, kind, holds, message, since FROM condition ORDER BY position"
        try each(db, conditions) { row in
            inventory.conditions.append(
                Condition(
                    object: try object(row[0], row[1]), kind: try value(row[2], "condition.kind"), holds: try row[3],
                    message: try row[4], since: try row.time(5)))
        }
    }

    /// Runs `body` for each row of a query.
    static func each(
        _ db: Database, _ sql: String, _ arguments: StatementArguments = [], _ body: (CheckedRow) throws -> Void
    ) throws {
        let rows = try Row.fetchCursor(db, sql: sql, arguments: arguments)
        while let row = try rows.next() { try body(CheckedRow(row)) }
    }

    /// The object of a condition or event; nil for the gateway.
    static func object(_ kind: String?, _ name: String?) throws -> ObjectID? {
        guard let kind, let name else { return nil }
        return ObjectID(try value(kind, "object_kind"), name)
    }

    static func value<Value: RawRepresentable<String>>(_ text: String, _ column: String) throws -> Value {
        guard let value = Value(rawValue: text) else { throw damaged("\(column) \"\(text)\"") }
        return value
    }

    private static func key(_ text: String, _ column: String) throws -> PublicKey {
        guard let key = PublicKey(text) else { throw damaged("\(column) \"\(text)\"") }
        return key
    }

    static func address(_ text: String, _ column: String) throws -> IPAddress {
        guard let address = IPAddress(text) else { throw damaged("\(column) \"\(text)\"") }
        return address
    }

    static func damaged(_ what: String) -> DatabaseError {
        DatabaseError(resultCode: .SQLITE_CORRUPT, message: "unexpected value in \(what)")
    }
}
