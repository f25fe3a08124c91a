import GRDB
public import Model
public import Reconciler

/// What people decide beside the repository: emergency revocations, approvals, a suspension.
extension GatewayDatabase {
    /// Inserts or replaces an emergency revocation.
    public func revoke(_ revocation: Revocation) async throws {
        try await record { inventory in
            inventory.revocations.contains(revocation) ? nil : revocation
        } store: { db, revocation in
            try db.execute(
                sql: "INSERT OR REPLACE INTO revocation VALUES (?, ?, ?)",
                arguments: [revocation.publicKey.description, revocation.until.seconds, revocation.author])
        } apply: { inventory, revocation in
            inventory.revocations.removeAll { $0.publicKey == revocation.publicKey }
            inventory.revocations.append(revocation)
        }
    }

    /// Removes an emergency revocation.
    public func unrevoke(_ key: PublicKey) async throws {
        try await record { inventory in
            inventory.revocations.contains { $0.publicKey == key } ? key : nil
        } store: { db, key in
            try db.execute(sql: "DELETE FROM revocation WHERE public_key = ?", arguments: [key.description])
        } apply: { inventory, key in
            inventory.revocations.removeAll { $0.publicKey == key }
        }
    }

    /// Stores a consent to a change digest.
    public func approve(_ digest: String, at instant: Timestamp) async throws {
        try await record { inventory in
            inventory.approvals.contains(digest) ? nil : digest
        } store: { db, digest in
            try db.execute(sql: "INSERT OR REPLACE INTO approval VALUES (?, ?)", arguments: [digest, instant.seconds])
        } apply: { inventory, digest in
            inventory.approvals.insert(digest)
        }
    }

    /// Takes consents back.
    public func withdraw(_ approvals: Set<String>) async throws {
        try await record { inventory in
            let known = inventory.approvals.intersection(approvals)
            return known.isEmpty ? nil : known
        } store: { db, known in
            let delete = try db.cachedStatement(sql: "DELETE FROM approval WHERE digest = ?")
            for digest in known { try delete.execute(arguments: [digest]) }
        } apply: { inventory, known in
            inventory.approvals.subtract(known)
        }
    }

    /// Suspends the loop, or resumes it (nil).
    public func setSuspension(_ suspension: Suspension?) async throws {
        try await record { inventory -> Suspension?? in
            inventory.suspension == suspension ? nil : .some(suspension)
        } store: { db, suspension in
            try db.execute(sql: "DELETE FROM suspension")
            guard let suspension else { return }
            try db.execute(
                sql: "INSERT INTO suspension VALUES (1, ?, ?)",
                arguments: [suspension.reason, suspension.until?.seconds])
        } apply: { inventory, suspension in
            inventory.suspension = suspension
        }
    }
}
