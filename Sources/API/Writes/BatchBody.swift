import Gateway
import HTTPTypes
import Manifest
import Model

/// `{"writes": [{"method", "path", "body", "if_match"}]}`.
struct BatchBody {
    private let writes: [Part]

    /// How many writes a batch holds at most.
    static let limit = 1000

    private struct Part {
        var method = ""
        var path = ""
        var body: [UInt8] = []
        var condition: String?
    }

    /// A part as the request it stands for.
    struct PartRequest {
        var request: APIRequest
        var write: Operation.WriteMaker
    }

    /// - Throws: ``APIFailure``: 400 for what is no JSON, 422 for fields.
    init(_ bytes: [UInt8]) throws(APIFailure) {
        let body: JSONBody
        do throws(MalformedBody) {
            body = try JSONBody(bytes)
        } catch {
            throw APIFailure(.badRequest, error.message)
        }
        for key in body.keys where key != "writes" {
            throw .invalid([InvalidField(key, "unknown field \"\(key)\" of a batch")])
        }
        guard let list = body.root["writes"], case .list(let items) = list.content else {
            throw .invalid([InvalidField("writes", "writes must be a list of writes")])
        }
        guard (1...Self.limit).contains(items.count) else {
            throw .invalid([InvalidField("writes", "writes must hold 1 to \(Self.limit) writes, found \(items.count)")])
        }
        var writes: [Part] = []
        writes.reserveCapacity(items.count)
        for (number, item) in items.enumerated() {
            writes.append(try Self.part(item, number, bytes))
        }
        self.writes = writes
    }

    private static func part(_ node: Node, _ number: Int, _ bytes: [UInt8]) throws(APIFailure) -> Part {
        var part = Part()
        guard case .map(let entries) = node.content else { throw fault(number, "", "a write must be an object") }
        for entry in entries {
            let name = entry.key.text
            switch name {
            case "method", "path", "if_match":
                guard case .scalar(let scalar) = entry.value.content, scalar.value == .string else {
                    throw fault(number, name, "\(name) must be a text")
                }
                if name == "method" { part.method = scalar.text }
                if name == "path" { part.path = scalar.text }
                if name == "if_match" { part.condition = scalar.text }
            case "body":
                guard case .map = entry.value.content else { throw fault(number, name, "body must be an object") }
                part.body = Array(bytes[entry.value.range.start.offset..<entry.value.range.end.offset])
            default: throw fault(number, name, "unknown field \"\(name)\" of a write")
            }
        }
        guard !part.method.isEmpty else { throw fault(number, "method", "method is required") }
        guard !part.path.isEmpty else { throw fault(number, "path", "path is required") }
        return part
    }

    /// The requests, each with who makes the whole.
    ///
    /// - Throws: ``APIFailure``, 422, where a part is no write that a batch takes.
    func requests(like whole: APIRequest) throws(APIFailure) -> [PartRequest] {
        var requests: [PartRequest] = []
        requests.reserveCapacity(writes.count)
        for (number, part) in writes.enumerated() {
            let route = try Self.route(part, number)
            guard let write = route.operation.write else { throw Self.notTaken(part, number) }
            if route.operation.access.denial(of: whole.principal, isRead: false) != nil {
                throw APIFailure.forbidden.at(number)
            }
            var request = whole
            request.operation = route.operation.id
            request.method = route.operation.method
            request.path = route.parameters
            request.query = route.query
            request.body = part.body
            request.headers = [:]
            request.headers[.ifMatch] = part.condition
            requests.append(PartRequest(request: request, write: write))
        }
        return requests
    }

    private static func route(
        _ part: Part, _ number: Int
    ) throws(APIFailure) -> (operation: Operation, parameters: [String: String], query: [String: String]) {
        let halves = part.path.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        for operation in Operations.writes where operation.method.rawValue == part.method {
            guard let parameters = PathPattern.parameters(of: halves[0], in: operation.path) else { continue }
            var query: [String: String] = [:]
            for pair in halves.count == 2 ? halves[1].split(separator: "&") : [] {
                let sides = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
                let name = String(sides[0])
                // How long to wait, and whether to do it at all, is a matter of the whole.
                guard operation.query.subtracting(Operation.writeQuery).contains(name), query[name] == nil,
                    let value = PercentText.decoded(sides.count == 2 ? sides[1] : "")
                else { throw fault(number, "path", "unknown query parameter \"\(name)\" of \(operation.id)") }
                query[name] = value
            }
            return (operation, parameters, query)
        }
        throw notTaken(part, number)
    }

    private static func notTaken(_ part: Part, _ number: Int) -> APIFailure {
        fault(number, "path", "\(part.method) \(part.path) is no write that a batch takes")
    }

    private static func fault(_ number: Int, _ field: String, _ message: String) -> APIFailure {
        let path = "writes.\(number)" + (field.isEmpty ? "" : ".\(field)")
        return APIFailure.invalid([InvalidField(path, message)]).at(number)
    }
}

extension APIFailure {
    /// The same, of one write of a batch.
    func at(_ number: Int) -> APIFailure {
        var failure = self
        failure.message = "write \(number): \(message)"
        failure.details = .object([("index", .number(number))] + (details?.entries ?? []))
        return failure
    }
}

extension Operations {
    /// What a batch may hold.
    static let writes = all.filter { $0.write != nil }
}
