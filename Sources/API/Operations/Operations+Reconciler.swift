import Gateway
import HTTPTypes
import Manifest
import Model
import Reconciler

/// The loop: what it sees, what it would do, what it does.
extension Operations {
    /// Status, plan, drift, and a pass now.
    static let reconciler: [Operation] = [
        Operation("getStatus", .get, "/api/status", access: .admin) { _, services in
            let view = await services.reconciliation.refreshedView(maximumAge: .seconds(5))
            let pass: PassReport
            if let view {
                pass = view.report
            } else {
                pass = try await services.preview(PassOptions(trigger: "status"))
            }
            var report = try await StatusQuery(
                facts: services.facts, inventory: services.reconciliation.inventory
            ).report(pass, catalog: view?.catalog, at: services.clock.now(), events: 20)
            report.telemetry = services.telemetry.telemetryStatus
            return .data(StatusJSON(report).value.withoutCommand)
        },
        Operation("getPlan", .get, "/api/plan", access: .admin) { _, services in
            let report = try await services.preview(PassOptions(trigger: "plan"))
            return .data(PassJSON(report, exitCode: 0).plan.withoutCommand)
        },
        Operation(
            "createPlan", .post, "/api/plan", access: .admin, query: ["format", "all"]
        ) { request, services in
            let rendering = try PlanRendering(request)
            var options = PassOptions(trigger: "plan")
            options.source = try await revision(request, services)
            return rendering.response(services.document(try await services.preview(options), .plan))
        },
        Operation("getDrift", .get, "/api/drift", access: .admin, query: ["format"]) { request, services in
            let format = request.query["format"] ?? "json"
            guard ["json", "html"].contains(format) else {
                throw APIFailure(.badRequest, "format must be json or html")
            }
            let report = try await services.preview(PassOptions(trigger: "drift"))
            guard format == "html" else { return .data(PassJSON(report, exitCode: 0).drift.withoutCommand) }
            let history = try await services.reconciliation.inventory.driftHistory(DriftFilter(limit: 100))
            return .page(
                HTMLReport(
                    report, .drift, gateway: services.facts.hostName, history: history, showsHistory: true
                ).render())
        },
        Operation(
            "listDriftHistory", .get, "/api/drift/history", access: .admin, query: Paging.names.union(["since"])
        ) { request, services in
            let paging = try Paging(request.query)
            let since = try request.time("since")
            let history = try await services.reconciliation.inventory.driftHistory(
                DriftFilter(since: since, limit: paging.limit ?? 50, offset: paging.offset))
            return paging.response(history.records.map(DriftHistoryJSON.json), total: history.total)
        },
        Operation("reconcile", .post, "/api/reconcile", access: .admin) { request, services in
            var body = try ActionBody(request)
            var options = PassOptions(trigger: "reconcile")
            options.expectedPlanID = body.string("plan_id")
            options.approvals = Set(body.strings("approve"))
            options.adopt = Set(body.strings("adopt"))
            try body.finish()
            let report = try await services.pass(options)
            if let failure = APIFailure(unmade: report) { throw failure }
            return .data(PassJSON(report, exitCode: 0).apply.withoutCommand)
        },
    ]

    /// Whether passes are made.
    static let readiness: [Operation] = [
        Operation("getReadiness", .get, "/readyz", access: .open, rate: .exempt) { _, services in
            guard services.reconciliation.view != nil else {
                throw APIFailure(
                    .serviceUnavailable, "the first pass is not done yet", headers: [.retryAfter: "1"])
            }
            return APIResponse(status: .ok, json: .object([("status", .string("ready"))]))
        }
    ]

    /// The revision that a body names or brings along.
    private static func revision(
        _ request: APIRequest, _ services: APIServices
    ) async throws -> any RevisionSource {
        var body = try ActionBody(request)
        let reference = body.string("ref")
        let files = body.texts("files")
        if (reference == nil) == (files == nil) { body.refuse("ref", "give either ref or files") }
        if let files, !(1...1000).contains(files.count) {
            body.refuse("files", "files must be 1 to 1000 texts by their paths")
        }
        for (path, _) in files ?? [] where !isConfigurationPath(path) {
            body.refuse("files", "\"\(path)\" is no path of a YAML file below the root of a repository")
        }
        if let reference, !isReference(reference) {
            body.refuse("ref", "ref must be a branch, tag or commit of the repository")
        }
        try body.finish()
        do throws(GatewayFailure) {
            if let reference { return FixedRevision(try await services.history.declared(at: reference)) }
        } catch {
            throw APIFailure(error)
        }
        let inventory = try await services.reconciliation.inventory.snapshot()
        do throws(GatewayFailure) {
            return try FixedRevision(
                bundle: (files ?? []).map { SourceFile(path: $0.0, bytes: Array($0.1.utf8)) },
                dnsSyntax: services.dnsSyntax, remembering: inventory, now: services.clock.now())
        } catch {
            guard case .invalidRepository(let problems) = error else { throw APIFailure(error) }
            // It is no repository that is invalid, but what was sent.
            var failure = APIFailure.invalid(problems.map { InvalidField("files", $0) })
            failure.message = error.description
            failure.details = .object(
                (failure.details?.entries ?? []) + [("problems", .array(problems.map(JSONValue.string)))])
            throw failure
        }
    }

    /// The same words that paths of the repository are made of here: nothing hidden, nothing above.
    private static func isConfigurationPath(_ path: String) -> Bool {
        path.wholeMatch(of: /[A-Za-z0-9_][A-Za-z0-9_.\-]*(\/[A-Za-z0-9_][A-Za-z0-9_.\-]*)*\.ya?ml/) != nil
            && path.utf8.count <= 512
    }

    private static func isReference(_ text: String) -> Bool {
        (1...200).contains(text.utf8.count) && text.wholeMatch(of: /[A-Za-z0-9_][A-Za-z0-9_.\/\-]*/) != nil
    }
}

extension APIResponse {
    /// A report as a page, which needs nothing but its own style.
    static func page(_ text: String) -> APIResponse {
        APIResponse(
            status: .ok,
            headers: [
                .contentSecurityPolicy: "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none';"
                    + " base-uri 'none'; form-action 'none'; sandbox"
            ], bytes: Array(text.utf8), contentType: "text/html; charset=utf-8")
    }
}

extension JSONValue {
    /// A document of a command without what only commands say: which one it was, and how it ended.
    var withoutCommand: JSONValue {
        guard case .object(let entries) = self else { return self }
        return .object(entries.filter { $0.0 != "document" && $0.0 != "exit_code" })
    }
}

extension APIServices {
    /// Shows what a pass would do.
    ///
    /// - Throws: ``APIFailure``.
    func preview(_ options: PassOptions) async throws(APIFailure) -> PassReport {
        do {
            return try await reconciliation.preview(options)
        } catch {
            throw APIFailure(unseen: error)
        }
    }

    /// Does a pass now.
    ///
    /// - Throws: ``APIFailure``.
    func pass(_ options: PassOptions) async throws(APIFailure) -> PassReport {
        do {
            return try await reconciliation.pass(options)
        } catch {
            throw APIFailure(unseen: error)
        }
    }
}

extension APIFailure {
    /// What kept a pass or a preview from beginning.
    init(unseen error: any Error) {
        if let failure = error as? LockFailure, failure.kind == .held {
            self.init(.serviceUnavailable, failure.description, headers: [.retryAfter: "1"])
        } else {
            self.init(.internalServerError, "\(error)")
        }
    }

    /// Why a pass left everything but revocations alone; nil: it did not.
    init?(unmade report: PassReport) {
        switch report.revisionFailure {
        case .unreadable(let why):
            self.init(.conflict, why)
            return
        case .invalid(let revision, let problems):
            self.init(
                .conflict, "revision \(revision) is not valid; what was applied before it stays",
                details: .object([
                    ("revision", .string(revision)), ("problems", .array(problems.map(JSONValue.string))),
                ]))
            return
        case nil: break
        }
        if report.isStale {
            self.init(
                .conflict, "the plan is another one by now: \(report.plan.id)",
                details: .object([("plan_id", .string(report.plan.id))]))
        } else if !report.plan.refusals.isEmpty {
            self.init(
                GatewayFailure.refusedByRail(
                    report.plan.refusals.map { RefusedRail(rail: $0.rail, message: $0.message, digest: $0.digest) }))
        } else {
            return nil
        }
    }
}
