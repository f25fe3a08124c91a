import GRDB
public import Model
public import Reconciler

extension GatewayDatabase: Inventory {
    /// Records that a link is about to be created or adopted, before it is.
    public func recordIntent(_ interface: OwnedInterface) async throws { try await recordOutcome(interface) }

    /// Records the outcome of an intent.
    public func recordOutcome(_ interface: OwnedInterface) async throws {
        try await record { inventory in
            inventory.interfaces[interface.name] == interface ? nil : interface
        } store: { db, interface in
            try db.execute(
                sql: "INSERT OR REPLACE INTO interface VALUES (?, ?, ?, ?, ?, ?)",
                arguments: [
                    interface.name, interface.origin.rawValue, interface.host.bootID,
                    Int64(bitPattern: interface.host.namespace), interface.index, interface.implementation.rawValue,
                ])
        } apply: { inventory, interface in
            inventory.interfaces[interface.name] = interface
        }
    }

    /// Forgets an interface that is gone, and the endpoints of its peers.
    public func forgetInterface(_ name: String) async throws {
        try await record { inventory in
            inventory.interfaces[name] != nil || inventory.endpoints.keys.contains { $0.interface == name } ? name : nil
        } store: { db, name in
            try db.execute(sql: "DELETE FROM interface WHERE name = ?", arguments: [name])
            try db.execute(sql: "DELETE FROM endpoint WHERE interface = ?", arguments: [name])
        } apply: { inventory, name in
            inventory.interfaces[name] = nil
            inventory.endpoints = inventory.endpoints.filter { $0.key.interface != name }
        }
    }

    /// Records what was applied and read back: digests by object; nil removes an entry.
    public func recordApplied(_ digests: [ObjectID: String?]) async throws {
        try await record { inventory in
            let changes = digests.filter { inventory.applied[$0.key] != $0.value }
            return changes.isEmpty ? nil : changes
        } store: { db, changes in
            let insert = try db.cachedStatement(sql: "INSERT OR REPLACE INTO applied VALUES (?, ?, ?)")
            let delete = try db.cachedStatement(sql: "DELETE FROM applied WHERE kind = ? AND name = ?")
            for (object, digest) in changes {
                if let digest {
                    try insert.execute(arguments: [object.kind.rawValue, object.name, digest])
                } else {
                    try delete.execute(arguments: [object.kind.rawValue, object.name])
                }
            }
        } apply: { inventory, changes in
            for (object, digest) in changes { inventory.applied[object] = digest }
        }
    }

    /// Records the structure of our nftables table as read back; nil when there is none.
    public func recordFirewall(_ structure: FirewallStructure?) async throws {
        try await record { inventory -> FirewallStructure?? in
            inventory.firewall == structure ? nil : .some(structure)
        } store: { db, structure in
            try db.execute(sql: "DELETE FROM firewall")
            guard let structure else { return }
            try db.execute(
                sql: "INSERT INTO firewall VALUES (1, ?, ?)",
                arguments: [structure.policyDigest, structure.listingDigest])
        } apply: { inventory, structure in
            inventory.firewall = structure
        }
    }

    /// Records the value a kernel parameter had before we first wrote it, and the value we wrote; nil forgets it.
    public func recordSysctl(_ sysctl: Sysctl, _ ownership: SysctlOwnership?) async throws {
        try await record { inventory -> SysctlOwnership?? in
            inventory.sysctls[sysctl] == ownership ? nil : .some(ownership)
        } store: { db, ownership in
            if let ownership {
                try db.execute(
                    sql: "INSERT OR REPLACE INTO sysctl VALUES (?, ?, ?)",
                    arguments: [sysctl.path, ownership.prior, ownership.written])
            } else {
                try db.execute(sql: "DELETE FROM sysctl WHERE path = ?", arguments: [sysctl.path])
            }
        } apply: { inventory, ownership in
            inventory.sysctls[sysctl] = ownership
        }
    }

    /// Remembers the last endpoints of peers; those that are not named stay.
    public func rememberEndpoints(_ endpoints: [PeerID: SocketAddress]) async throws {
        try await record { inventory in
            let changes = endpoints.filter { inventory.endpoints[$0.key] != $0.value }
            return changes.isEmpty ? nil : changes
        } store: { db, changes in
            let insert = try db.cachedStatement(sql: "INSERT OR REPLACE INTO endpoint VALUES (?, ?, ?, ?)")
            for (peer, endpoint) in changes {
                try insert.execute(arguments: [
                    peer.interface, peer.publicKey.description, endpoint.address.description, Int(endpoint.port),
                ])
            }
        } apply: { inventory, changes in
            inventory.endpoints.merge(changes) { $1 }
        }
    }

    /// Records who the declared peers are (nil: gone), and since when addresses are free (nil: no longer waiting).
    public func recordPeers(_ peers: [PeerID: KnownPeer?], released: [TunnelAddress: Timestamp?]) async throws {
        typealias Changes = (peers: [PeerID: KnownPeer?], released: [TunnelAddress: Timestamp?])
        try await record { inventory -> Changes? in
            let peers = peers.filter { inventory.peers[$0.key] != $0.value }
            let released = released.filter { inventory.released[$0.key] != $0.value }
            return peers.isEmpty && released.isEmpty ? nil : (peers, released)
        } store: { db, changes in
            let insert = try db.cachedStatement(sql: "INSERT OR REPLACE INTO peer VALUES (?, ?, ?, ?)")
            let delete = try db.cachedStatement(sql: "DELETE FROM peer WHERE interface = ? AND public_key = ?")
            for (id, peer) in changes.peers {
                let key = id.publicKey.description
                if let peer {
                    let addresses = peer.addresses.map(\.description).joined(separator: ",")
                    try insert.execute(arguments: [id.interface, key, peer.id, addresses])
                } else {
                    try delete.execute(arguments: [id.interface, key])
                }
            }
            for (address, at) in changes.released {
                let row: StatementArguments = [address.interface, address.address.description]
                if let at {
                    try db.execute(
                        sql: "INSERT OR REPLACE INTO released_address VALUES (?, ?, ?)", arguments: row + [at.seconds])
                } else {
                    try db.execute(
                        sql: "DELETE FROM released_address WHERE interface = ? AND address = ?", arguments: row)
                }
            }
        } apply: { inventory, changes in
            for (id, peer) in changes.peers { inventory.peers[id] = peer }
            for (address, at) in changes.released { inventory.released[address] = at }
        }
    }

    /// Records that the expiry of these peers was enforced.
    public func recordExpired(_ peers: [PeerID: Timestamp]) async throws {
        try await record { inventory in
            let changes = peers.filter { inventory.expired[$0.key] != $0.value }
            return changes.isEmpty ? nil : changes
        } store: { db, changes in
            let insert = try db.cachedStatement(sql: "INSERT OR REPLACE INTO expired VALUES (?, ?, ?)")
            for (peer, instant) in changes {
                try insert.execute(arguments: [peer.interface, peer.publicKey.description, instant.seconds])
            }
        } apply: { inventory, changes in
            inventory.expired.merge(changes) { $1 }
        }
    }
}
