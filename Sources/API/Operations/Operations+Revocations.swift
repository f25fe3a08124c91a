import Gateway
import HTTPTypes
import Model
import Reconciler

/// What people decide beside the repository, and what works when it does not: blocked keys, a suspended loop.
extension Operations {
    /// Emergency revocations and suspension.
    static let revocations: [Operation] = [
        Operation("listRevocations", .get, "/api/revocations", access: .admin, query: Paging.names) {
            request, services in
            let paging = try Paging(request.query, standard: nil)
            let rows = try await inForce(services)
            return paging.response(paging.rows(of: rows).map(StatusJSON.json), total: rows.count)
        },
        Operation("createRevocation", .post, "/api/revocations", access: .admin) { request, services in
            let revocation = try await revocation(request, services)
            let inventory = services.reconciliation.inventory
            // The row first: from here on every pass keeps the key out.
            try await inventory.revoke(revocation)
            let result: RevocationResult
            do throws(APIFailure) {
                let report = try await services.pass(PassOptions(trigger: "revoke", scope: .revocations))
                result = RevocationResult(revocation, in: report)
            } catch {
                var failure = error
                failure.message = "the block is stored, and the next pass enforces it: \(error.message)"
                throw failure
            }
            let document = StatusJSON.json(revocation).with([
                ("removed", .array(result.removed.map(JSONValue.string))),
                ("remaining", .array(result.remaining.map(JSONValue.string))),
            ])
            guard result.remaining.isEmpty else {
                throw APIFailure(
                    .internalServerError,
                    "the block is stored, but the key is still there on \(result.remaining.joined(separator: ", ")):"
                        + " the kernel did not let it go, try `ip link set \(result.remaining[0]) down`",
                    details: document)
            }
            return .created(document)
        },
        Operation("deleteRevocation", .delete, "/api/revocations", access: .admin, query: ["public_key"]) {
            request, services in
            guard let key = request.query["public_key"].flatMap({ PublicKey($0) }) else {
                throw APIFailure(.badRequest, "public_key must be a public key as `wg show` prints it")
            }
            guard let known = try await inForce(services).first(where: { $0.publicKey == key }) else {
                throw APIFailure(.notFound, "\(key) is not blocked")
            }
            try await services.reconciliation.inventory.unrevoke(key)
            await services.makeLoopPass("unrevoke")
            return .data(StatusJSON.json(known))
        },
        Operation("suspend", .post, "/api/suspend", access: .admin) { request, services in
            var body = try ActionBody(request)
            let reason = body.string("reason") ?? ""
            if !Suspension.isReason(reason) {
                body.refuse("reason", "reason must be one line of 1 to 256 characters")
            }
            let now = services.clock.now()
            let until = body.string("until").flatMap { Timestamp($0) }
            if !(until.map { Suspension.isEnd($0, at: now) } ?? false) {
                body.refuse(
                    "until",
                    "until must be a time in the next 30 days: \(now.advanced(bySeconds: 3600)) is in an hour")
            }
            try body.finish()
            let suspension = Suspension(reason: "\(reason) (\(request.principal.author.name))", until: until)
            try await services.reconciliation.inventory.setSuspension(suspension)
            return .data(state(suspension))
        },
        Operation("resume", .delete, "/api/suspend", access: .admin) { _, services in
            let inventory = services.reconciliation.inventory
            let wasSuspended = try await inventory.snapshot().suspension != nil
            try await inventory.setSuspension(nil)
            // What waited is due now, not at the loop's next trigger.
            if wasSuspended { await services.makeLoopPass("resume") }
            return .data(state(nil))
        },
    ]

    private static func inForce(_ services: APIServices) async throws -> [Revocation] {
        let now = services.clock.now()
        return try await services.reconciliation.inventory.snapshot().revocations.filter { $0.until > now }
            .sorted { ($0.until, $0.publicKey) < ($1.until, $1.publicKey) }
    }

    private static func revocation(_ request: APIRequest, _ services: APIServices) async throws -> Revocation {
        var body = try ActionBody(request)
        let key = body.string("public_key").flatMap { PublicKey($0) }
        if key == nil { body.refuse("public_key", "public_key must be a public key as `wg show` prints it") }
        let text = body.string("for") ?? "24h"
        let seconds = SpanText.seconds(text)
        if seconds == nil { body.refuse("for", "for must be a duration up to 3650d: 30m, 24h, 30d") }
        try body.finish()
        guard let key, let seconds else { throw APIFailure.invalid(body.faults) }
        return Revocation(
            publicKey: key, until: services.clock.now().advanced(bySeconds: seconds),
            author: request.principal.author.name)
    }

    private static func state(_ suspension: Suspension?) -> JSONValue {
        .object([
            ("suspended", .boolean(suspension != nil)), ("reason", .optional(suspension?.reason)),
            ("until", .optional(suspension?.until?.description)),
        ])
    }
}

extension APIServices {
    /// Makes the pass that the loop would make at its next trigger. That it can't be made now holds up nothing: the loop
    /// makes it then.
    func makeLoopPass(_ trigger: String) async {
        _ = try? await reconciliation.pass(PassOptions(trigger: trigger, mode: .loop))
    }
}
