import HTTPTypes
import Model
import Reconciler

/// A plan as the one who asked wants to see it. What is not JSON carries the exit code of the command in a header, so
/// that a client prints what it got and ends as the gateway would.
struct PlanRendering {
    private let format: ReportFormat
    private let showsAll: Bool

    /// The header of the exit code.
    static let exitCode = HTTPField.Name("WireBuddy-Exit-Code")

    /// Reads `format` and `all` of a request.
    init(_ request: APIRequest) throws(APIFailure) {
        let name = request.query["format"] ?? "json"
        guard let format = ReportFormat(rawValue: name) else {
            let names = ReportFormat.allCases.map(\.rawValue).joined(separator: ", ")
            throw APIFailure(.badRequest, "format must be one of \(names)")
        }
        self.format = format
        showsAll = try request.flag("all")
    }

    /// The answer.
    func response(_ document: PassDocument) -> APIResponse {
        let code = document.exitCode.rawValue
        var headers = HTTPFields()
        if let name = Self.exitCode { headers[name] = String(code) }
        guard format != .json else {
            return .data(document.json.withoutCommand, beside: [("exit_code", .number(Int(code)))], headers: headers)
        }
        let text = PassText(document.report, limit: showsAll ? nil : 20)
        return APIResponse(
            status: .ok, headers: headers, bytes: document.bytes(format, text: text), contentType: contentType)
    }

    private var contentType: String {
        switch format {
        case .text, .github: "text/plain; charset=utf-8"
        case .json: "application/json"
        case .markdown: "text/markdown; charset=utf-8"
        case .html: "text/html; charset=utf-8"
        case .sarif: "application/sarif+json"
        case .junit: "application/xml"
        }
    }
}
