import Gateway
import HTTPTypes
import Manifest
import Model
import Reconciler

/// What was committed, what became of it, and the way back.
extension Operations {
    /// The history of the configuration.
    static let revisions: [Operation] = [
        Operation("listRevisions", .get, "/api/revisions", access: .admin, query: Paging.names) { request, services in
            let paging = try Paging(request.query)
            let page = try await services.history(limit: paging.limit ?? 50, offset: paging.offset)
            let results = try await RevisionResults(of: services.reconciliation.inventory)
            return paging.response(page.entries.map { results.json($0, head: page.head) }, total: page.total)
        },
        Operation("getRevision", .get, "/api/revisions/{id}", access: .admin) { request, services in
            let commit: CommittedRevision
            let head: String?
            do throws(GatewayFailure) {
                commit = try await services.history.commit(try revision(of: request))
                head = try await services.history.entries(limit: 1, offset: 0).head
            } catch {
                throw APIFailure(error)
            }
            let results = try await RevisionResults(of: services.reconciliation.inventory)
            let pass = services.events.pass(of: commit.entry.revision)
            return .data(
                results.json(commit.entry, head: head).with([
                    (
                        "files",
                        .array(
                            commit.files.map {
                                .object([("path", .string($0.path)), ("deleted", .boolean($0.isDeleted))])
                            })
                    ),
                    ("plan", pass?.plan ?? .null), ("results", pass?.results ?? .array([])),
                ]))
        },
        Operation(
            "rollbackRevision", .post, "/api/revisions/{id}/rollback", access: .admin, query: ["wait", "dry_run"]
        ) { request, services in
            var body = try ActionBody(request)
            let approvals = Set(body.strings("approve"))
            try body.finish()
            let isDryRun = try request.flag("dry_run")
            let wait = try request.wait()
            let result: RollbackResult
            do throws(GatewayFailure) {
                result = try await services.history.rollBack(
                    RollbackRequest(
                        try revision(of: request), author: request.principal.author, via: "rest", requestID: request.id,
                        approvals: approvals, isDryRun: isDryRun))
            } catch {
                throw APIFailure(error)
            }
            if isDryRun { return dryRun(result) }
            services.states.invalidate()
            let head: String
            if let revision = result.revision {
                head = revision
            } else {
                head = try await services.history(limit: 1, offset: 0).head ?? result.target.revision
            }
            let report = await services.reconciliation.passAfterWrite(of: head, within: wait)
            // What reads show from now on holds it.
            _ = try await services.stateAfterWrite()
            return .data(document(result), beside: [("reconcile", reconciled(head, report))])
        },
    ]

    /// - Throws: ``GatewayFailure/unknownRevision(_:)`` for what can't be the name of a commit.
    private static func revision(of request: APIRequest) throws(GatewayFailure) -> String {
        let name = request.path["id"] ?? ""
        guard name.wholeMatch(of: /[0-9a-f]{7,64}/) != nil else {
            throw .unknownRevision("there is no revision \(name)")
        }
        return name
    }

    /// What became of a commit as a whole.
    private static func reconciled(_ revision: String, _ report: PassReport?) -> JSONValue {
        var errors: [(ObjectID?, String)] = []
        if let report {
            if let failure = APIFailure(unmade: report) { errors.append((nil, failure.message)) }
            for (change, outcome) in report.results {
                switch outcome {
                case .failed(let message, _): errors.append((change.object, message))
                case .notTried(let because): errors.append((change.object, because))
                case .done, .planned, .held: break
                }
            }
        }
        let isPending = report.map { $0.revision?.id != revision } ?? true
        let done = report?.outcomes.count { $0 == .done } ?? 0
        return .object([
            ("revision", .string(revision)),
            ("state", .string(!errors.isEmpty ? "failed" : isPending ? "pending" : "converged")),
            ("changes", .number(done)),
            (
                "errors",
                .array(
                    errors.map { object, message in
                        .object([
                            (
                                "object",
                                object.map {
                                    .object([("kind", .string($0.kind.rawValue)), ("name", .string($0.name))])
                                } ?? .null
                            ), ("message", .string(message)),
                        ])
                    })
            ),
        ])
    }

    private static func document(_ result: RollbackResult) -> JSONValue {
        let whole = RollbackJSON(result, isDryRun: false, exitCode: .success, state: .daemon).value
        guard case .object(let entries) = whole.withoutCommand else { return whole }
        return .object(entries.filter { !["dry_run", "state", "plan", "pass"].contains($0.0) })
    }

    private static func dryRun(_ result: RollbackResult) -> APIResponse {
        APIResponse(
            status: .ok,
            json: .object([
                ("success", .boolean(true)), ("dry_run", .boolean(true)),
                (
                    "data",
                    .object([
                        ("object", .null), ("unchanged", .boolean(result.change == nil)),
                        ("subject", .optional(result.change?.subject)),
                        ("diff", .array(result.diff.map(JSONValue.string))),
                        ("notes", .array(result.notes.map(JSONValue.string))),
                        (
                            "plan",
                            result.plan.map { PassJSON($0, exitCode: 0).plan.withoutCommand } ?? .null
                        ),
                    ])
                ),
            ]))
    }
}

extension JSONValue {
    /// An object with further entries.
    func with(_ more: [(String, JSONValue)]) -> JSONValue {
        guard case .object(let entries) = self else { return self }
        return .object(entries + more)
    }
}

extension APIServices {
    /// A part of the history.
    ///
    /// - Throws: ``APIFailure``.
    func history(limit: Int, offset: Int) async throws(APIFailure) -> HistoryPage {
        do throws(GatewayFailure) {
            return try await history.entries(limit: limit, offset: offset)
        } catch {
            throw APIFailure(error)
        }
    }
}
