import Manifest
import Model
import Reconciler

/// Waits until a gateway has applied a revision, or says that it won't.
struct RevisionWatch: Sendable {
    let gateway: any GatewayConversation
    /// A commit, whole or abbreviated.
    let revision: String
    /// How long.
    let timeout: Duration

    /// A failed apply is tried again by the loop: it counts only when it stays so for this long.
    static let patience: Duration = .seconds(10)

    /// What became of the revision.
    struct Verdict: Sendable, Equatable {
        /// How the command ends.
        var status: ExitStatus
        /// The commit as far as the gateway knows it, else as it was asked for.
        var revision: String
        /// The revision that was applied: this one, or a newer one that contains it.
        var applied: String?
        /// What the gateway says about it; nil: nothing.
        var message: String?
    }

    /// What one look shows.
    private enum Look {
        case done(Verdict)
        /// It can't be used as it is.
        case hopeless(Verdict)
        /// It failed, and is tried again.
        case failing(Verdict)
        case waiting(Verdict)
    }

    /// - Throws: ``CommandFailure`` when the gateway refuses to answer.
    func run() async throws(CommandFailure) -> Verdict {
        let end = ContinuousClock.now + timeout
        var failingSince: ContinuousClock.Instant?
        while true {
            var verdict: Verdict
            switch try await look() {
            case .done(let found), .hopeless(let found): return found
            case .failing(let found):
                let since = failingSince ?? .now
                failingSince = since
                if .now - since >= Self.patience { return found }
                verdict = found
            case .waiting(let found):
                failingSince = nil
                verdict = found
            }
            if .now >= end {
                if verdict.status == .success { verdict.status = .timedOut }
                return verdict
            }
            try? await Task.sleep(for: .milliseconds(500))
            if Task.isCancelled { throw CommandFailure(.error, "stopped while waiting for \(revision)") }
        }
    }

    private func look() async throws(CommandFailure) -> Look {
        var verdict = Verdict(status: .success, revision: revision, applied: nil, message: nil)
        let answer: GatewayAnswer
        do {
            answer = try await gateway.get("/api/revisions/\(revision)")
        } catch {
            // It may be restarting, or reached through the very tunnel that changes.
            verdict.message = error.message
            return .waiting(verdict)
        }
        switch answer.status {
        case 200: break
        case 401, 403: throw CommandFailure(.error, "\(gateway.name) does not take the token: \(answer.reason)")
        case 404, 429, 500...:
            verdict.message = answer.status == 404 ? "\(gateway.name) has not seen it yet" : answer.reason
            return .waiting(verdict)
        default: throw CommandFailure(.error, "\(gateway.name): \(answer.reason)")
        }
        guard let own = Entry(answer.data) else {
            throw CommandFailure(.error, "what answers at \(gateway.name) is no gateway of this version")
        }
        verdict.revision = own.id
        if own.result == "applied" {
            verdict.applied = own.id
            return .done(verdict)
        }
        if own.isHead { return await judged(own, verdict) }
        // The head of the branch contains it: what becomes of the head becomes of it.
        guard let page = try? await gateway.get("/api/revisions?limit=1"), page.status == 200,
            let head = Entry(page.data?.elements.first)
        else { return .waiting(verdict) }
        if head.result == "applied" {
            verdict.applied = head.id
            verdict.message = "superseded by \(head.id), which contains it"
            return .done(verdict)
        }
        return await judged(head, verdict)
    }

    /// What a head that is not applied means for who waits.
    private func judged(_ head: Entry, _ verdict: Verdict) async -> Look {
        var verdict = verdict
        verdict.message = head.message
        if head.id != verdict.revision {
            verdict.message = "superseded by \(head.id)\(head.message.map { ": \($0)" } ?? "")"
        }
        guard head.result == "failed" else { return .waiting(verdict) }
        verdict.status = .error
        guard let answer = try? await gateway.get("/api/plan"), answer.status == 200, let plan = answer.data else {
            return .failing(verdict)
        }
        if let failure = plan["head_failure"], failure["type"]?.plainText == "invalid" {
            guard failure["revision"]?.plainText == head.id else { return .waiting(verdict) }
            verdict.status = .invalid
            return .hopeless(verdict)
        }
        guard plan["revision"]?.plainText == head.id else { return .failing(verdict) }
        let rails = plan["refusals"]?.elements.compactMap { $0["rail"]?.plainText } ?? []
        if rails.isEmpty { return .failing(verdict) }
        verdict.status = rails.contains("rolled-back") ? .rolledBack : .refused
        return .hopeless(verdict)
    }

    /// A revision in the words of the gateway.
    private struct Entry {
        let id: String
        let result: String?
        let message: String?
        let isHead: Bool

        init?(_ node: Node?) {
            guard let node, let id = node["id"]?.plainText else { return nil }
            self.id = id
            result = node["result"]?.plainText
            message = node["message"]?.plainText
            isHead = node["head"]?.plainText == "true"
        }
    }
}

extension RevisionWatch.Verdict {
    /// The word in JSON.
    var word: String {
        switch status {
        case .success: "applied"
        case .invalid: "invalid"
        case .refused: "refused"
        case .rolledBack: "rolled-back"
        case .timedOut: "timed-out"
        default: "failed"
        }
    }

    /// The line for people.
    func text(on gateway: String) -> String {
        let why = message.map { ": \($0)" } ?? ""
        return switch status {
        case .success: "applied: \(revision) on \(gateway)\(message.map { " (\($0))" } ?? "")"
        case .invalid: "not valid: \(revision)\(why)"
        case .refused: "refused by a rail: \(revision)\(why)"
        case .rolledBack: "rolled back: \(revision)\(why)"
        case .timedOut: "not applied in time: \(revision)\(why)"
        default: "failed: \(revision)\(why)"
        }
    }

    /// The document of `wirebuddy wait`.
    func json(gateway: String, waited: Duration) -> JSONValue {
        .object([
            ("document", .string("wait")), ("exit_code", .number(Int(status.rawValue))),
            ("gateway", .string(gateway)), ("revision", .string(revision)), ("result", .string(word)),
            ("applied", .optional(applied)),
            ("superseded", .boolean(applied.map { $0 != revision } ?? false)),
            ("message", .optional(message)), ("waited_seconds", .integer(waited.components.seconds)),
        ])
    }
}
