import Gateway
import HTTPTypes
import Manifest
import Model

/// One request that writes: a single write, or several that happen together.
struct WriteCall: Sendable {
    /// The writes in their order.
    private let writes: [APIWrite]
    /// Whether it is answered as a list of results.
    private let isBatch: Bool
    /// What is committed.
    let intentRequest: IntentRequest

    /// A single write, which happens only if `If-Match` holds.
    init(_ write: APIWrite, request: APIRequest) throws(APIFailure) {
        writes = [write]
        isBatch = false
        let intent = request.headers[.ifMatch].map { Self.guarded(write, by: $0) } ?? write.intent
        intentRequest = try Self.request(intent, request)
    }

    /// Writes that happen together, each with its own `If-Match`.
    init(batch writes: [(write: APIWrite, condition: String?)], request: APIRequest) throws(APIFailure) {
        self.writes = writes.map(\.write)
        isBatch = true
        let intents = writes.map { part in part.condition.map { Self.guarded(part.write, by: $0) } ?? part.write.intent
        }
        intentRequest = try Self.request(.sequence(intents), request)
    }

    /// Whether the answer is 201.
    var creates: Bool { !isBatch && writes[0].creates }

    private static func request(_ intent: Intent, _ request: APIRequest) throws(APIFailure) -> IntentRequest {
        IntentRequest(
            intent, author: request.principal.author, via: "rest", requestID: request.id,
            approvals: try request.approvals())
    }

    /// The check runs on the head that is committed on, so that nobody's change is lost.
    private static func guarded(_ write: APIWrite, by condition: String) -> Intent {
        let tags = condition.split(separator: ",").map { $0.trimmed }
        return write.intent.guarded { tree throws(GatewayFailure) in
            // Of what is not there the intent itself says so.
            guard let tag = write.tag(tree), !tags.contains("*"), !tags.contains(tag) else { return }
            throw .changed(tag: tag)
        }
    }

    /// What was written, as the answer shows it.
    struct Shown {
        var data: JSONValue
        var etag: String?
        var location: String?
        /// What an idempotency key remembers of it.
        var object: String
    }

    /// The objects as they are now; those that are gone as they were.
    func shown(
        _ outcome: IntentOutcome, before: ResourceState, after: ResourceState
    ) throws(APIFailure) -> Shown {
        var found: [ShownObject?] = []
        var objects: [String] = []
        for (write, outcome) in zip(writes, isBatch ? outcome.parts : [outcome]) {
            var shown = try write.show(outcome.object, after)
            if shown == nil { shown = try write.show(outcome.object, before) }
            found.append(shown)
            objects.append(WrittenObject(outcome.object, in: after).text)
        }
        return shown(found, objects)
    }

    /// The objects as an answer shows them: one, or a list of results.
    private func shown(_ found: [ShownObject?], _ objects: [String]) -> Shown {
        let object = objects.joined(separator: "\n")
        guard isBatch else {
            let single = found.first ?? nil
            return Shown(
                data: single?.data ?? .null, etag: single?.etag, location: single?.location, object: object)
        }
        let rows = zip(writes, found).map { write, shown in
            JSONValue.object([
                ("status", .number(write.creates ? 201 : 200)), ("etag", .optional(shown?.etag)),
                ("data", shown?.data ?? .null),
            ])
        }
        return Shown(data: .object([("results", .array(rows))]), object: object)
    }

    /// The answer to the same request again: the objects as they are now.
    func replay(_ record: IdempotencyRecord, _ state: ResourceState) throws(APIFailure) -> APIResponse {
        let objects = record.object.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        var found: [ShownObject?] = []
        for (write, object) in zip(writes, objects) {
            guard let identity = WrittenObject(text: object).identity(in: state) else {
                found.append(nil)
                continue
            }
            found.append(try write.show(identity, state))
        }
        let shown = shown(found, objects)
        var headers: HTTPFields = [.revision: record.revision]
        headers[.eTag] = shown.etag
        let beside = [("reconcile", WriteOutcome.replayed(record, in: state))]
        return record.status == HTTPResponse.Status.created.code
            ? .created(shown.data, beside: beside, headers: headers)
            : .data(shown.data, beside: beside, headers: headers)
    }

    /// What a refusal is for the caller.
    func failure(_ failure: GatewayFailure) -> APIFailure {
        if case .part(let number, let inner) = failure, writes.indices.contains(number) {
            var answer = Self.failure(inner, of: writes[number])
            answer.details = .object([("index", .number(number))] + (answer.details?.entries ?? []))
            answer.message = "write \(number): \(answer.message)"
            return answer
        }
        return Self.failure(failure, of: writes.first)
    }

    private static func failure(_ failure: GatewayFailure, of write: APIWrite?) -> APIFailure {
        switch failure {
        case .notFound(let kind, _, _):
            guard let field = write?.references[kind] else { return APIFailure(failure) }
            return .invalid([InvalidField(field, "\(field): \(failure)")])
        case .invalidRepository(let problems):
            // The head is valid, or the write would not have come so far: it is what was sent.
            var answer = APIFailure.invalid(problems.map(ProblemText.field))
            answer.details = .object(
                (answer.details?.entries ?? []) + [("problems", .array(problems.map(JSONValue.string)))])
            return answer
        default: return APIFailure(failure)
        }
    }
}

extension Substring {
    /// Without blanks at both ends.
    var trimmed: String {
        var text = self
        while text.first == " " || text.first == "\t" { text.removeFirst() }
        while text.last == " " || text.last == "\t" { text.removeLast() }
        return String(text)
    }
}

/// A rendered problem of a whole tree, as a field of a body.
enum ProblemText {
    /// `a.yaml:3:5: error[code]: ip of peer …` is about `ip`, and what begins with `from.peers` about that field; what
    /// begins with no field is about the whole.
    static func field(_ problem: String) -> InvalidField {
        let message = problem.firstRange(of: "]: ").map { problem[$0.upperBound...] } ?? problem[...]
        let word = String(message.prefix { $0 != " " })
        let field = word.prefix { $0 != "." }
        return InvalidField(names.contains(String(field)) ? word : "", String(message))
    }

    private static let names = Set(
        ResourceKind.allCases.map(\.rawValue).flatMap { Manifest.fields(of: $0).map(\.name) })
}

extension HTTPField.Name {
    /// The revision an answer is about.
    static let revision = HTTPField.Name.declared("X-WireBuddy-Revision")
    /// The key under which a POST is done once.
    static let idempotencyKey = HTTPField.Name.declared("Idempotency-Key")

    static func declared(_ name: String) -> HTTPField.Name {
        guard let name = HTTPField.Name(name) else { preconditionFailure("\(name) is no name of a header") }
        return name
    }
}
