import HTTPTypes
import Model
import Reconciler

/// A plan as the one who asked wants to see it. What is not JSON carries the exit code of the command in a header, so
/// that a client prints what it got and ends as the gateway would.
struct PlanRendering {
    private enum Format: String, CaseIterable {
        case json, text
    }

    private let format: Format
    private let showsAll: Bool

    /// The header of the exit code.
    static let exitCode = HTTPField.Name("WireBuddy-Exit-Code")

    /// Reads `format` and `all` of a request.
    init(_ request: APIRequest) throws(APIFailure) {
        guard let format = Format(rawValue: request.query["format"] ?? "json") else {
            throw APIFailure(
                .badRequest, "format must be one of \(Format.allCases.map(\.rawValue).joined(separator: ", "))")
        }
        self.format = format
        showsAll = try request.flag("all")
    }

    /// The answer.
    func response(_ report: PassReport) -> APIResponse {
        let code = report.exitCode.rawValue
        var headers = HTTPFields()
        if let name = Self.exitCode { headers[name] = String(code) }
        switch format {
        case .json:
            let plan = PassJSON(report, exitCode: code).plan.withoutCommand
            return .data(plan, beside: [("exit_code", .number(Int(code)))], headers: headers)
        case .text:
            let text = PassText(report, limit: showsAll ? nil : 20).render()
            return APIResponse(
                status: .ok, headers: headers, bytes: Array(text.utf8), contentType: "text/plain; charset=utf-8")
        }
    }
}
