import API
import Foundation
import Gateway
import HTTPTypes
import Testing

/// The router's table and the document say the same of every operation, in both directions.
@Suite struct OpenAPIAgreementTests {
    /// What both know of an operation.
    struct Row: Equatable, CustomStringConvertible {
        var route: String
        var access: String
        var rate: String
        var query: [String]

        var description: String { "\(route) \(access) \(rate) ?\(query.joined(separator: "&"))" }
    }

    @Test func `router and document know the same operations`() throws {
        let described = try Self.described()
        let routed = Dictionary(
            uniqueKeysWithValues: Operations.all.map { operation in
                (
                    operation.id,
                    Row(
                        route: "\(operation.method.rawValue) \(operation.path)", access: operation.access.rawValue,
                        rate: operation.rate.rawValue, query: operation.query.sorted())
                )
            })
        for (id, row) in described.sorted(by: { $0.key < $1.key }) {
            #expect(routed[id] == row, "\(id): the router has the first, the document the second")
        }
        for id in routed.keys.sorted() { #expect(described[id] != nil, "\(id) is not in schemas/openapi.yaml") }
    }

    private static func described() throws -> [String: Row] {
        let file = GeneratedFilesTests.root.appending(path: "schemas/openapi.json")
        let document = try #require(
            try JSONSerialization.jsonObject(with: Data(contentsOf: file)) as? [String: Any])
        let components = try #require(document["components"] as? [String: [String: [String: Any]]])
        let paths = try #require(document["paths"] as? [String: [String: [String: Any]]])
        var rows: [String: Row] = [:]
        for (path, item) in paths {
            for (method, operation) in item {
                let parameters = try #require(operation["parameters"] as? [[String: Any]]).map { parameter in
                    guard let target = parameter["$ref"] as? String, let name = target.split(separator: "/").last
                    else { return parameter }
                    return components["parameters"]?[String(name)] ?? [:]
                }
                let id = try #require(operation["operationId"] as? String)
                #expect(rows[id] == nil, "\(id) stands there twice")
                rows[id] = Row(
                    route: "\(method.uppercased()) \(path)",
                    access: try #require(operation["x-access"] as? String),
                    rate: try #require(operation["x-rate"] as? String),
                    query: parameters.filter { $0["in"] as? String == "query" }.compactMap { $0["name"] as? String }
                        .sorted())
            }
        }
        return rows
    }
}
