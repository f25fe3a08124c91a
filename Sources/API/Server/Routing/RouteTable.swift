import HTTPTypes

/// Which operation answers which method and path.
struct RouteTable: Sendable {
    /// What a method and path lead to.
    enum Match: Sendable {
        /// An operation, with the values of the path's parameters.
        case operation(Operation, [String: String])
        /// The path takes other methods: the value of `Allow`.
        case otherMethods(String)
        /// Nothing.
        case nothing
    }

    private struct Node: Sendable {
        var literals: [String: Int] = [:]
        var parameter: Int?
        /// The parameters' names stand with the operation: `/a/{id}` and `/a/{name}/b` share their nodes.
        var operations: [(operation: Operation, names: [String])] = []
    }

    private var nodes = [Node()]

    /// A table of operations whose methods and paths are unique.
    init(_ operations: [Operation]) {
        for operation in operations {
            var node = 0
            var names: [String] = []
            for part in operation.path.split(separator: "/") {
                let isParameter = part.hasPrefix("{") && part.hasSuffix("}")
                if isParameter { names.append(String(part.dropFirst().dropLast())) }
                if let next = isParameter ? nodes[node].parameter : nodes[node].literals[String(part)] {
                    node = next
                    continue
                }
                nodes.append(Node())
                if isParameter {
                    nodes[node].parameter = nodes.count - 1
                } else {
                    nodes[node].literals[String(part)] = nodes.count - 1
                }
                node = nodes.count - 1
            }
            nodes[node].operations.append((operation, names))
        }
    }

    /// Finds what a request asks for. `HEAD` is answered as `GET`.
    func match(_ method: HTTPRequest.Method, _ segments: [String]) -> Match {
        var values: [String] = []
        guard let node = find(segments[...], from: 0, &values) else { return .nothing }
        let wanted = method == .head ? .get : method
        for (operation, names) in nodes[node].operations where operation.method == wanted {
            if names.isEmpty { return .operation(operation, [:]) }
            return .operation(operation, Dictionary(zip(names, values)) { first, _ in first })
        }
        var allowed = nodes[node].operations.map(\.operation.method.rawValue)
        if allowed.contains("GET") { allowed.append("HEAD") }
        return .otherMethods(allowed.sorted().joined(separator: ", "))
    }

    /// A written segment goes before a parameter.
    private func find(_ segments: ArraySlice<String>, from node: Int, _ values: inout [String]) -> Int? {
        guard let segment = segments.first else { return nodes[node].operations.isEmpty ? nil : node }
        if let next = nodes[node].literals[segment], let found = find(segments.dropFirst(), from: next, &values) {
            return found
        }
        guard let next = nodes[node].parameter else { return nil }
        values.append(segment)
        if let found = find(segments.dropFirst(), from: next, &values) { return found }
        values.removeLast()
        return nil
    }
}
