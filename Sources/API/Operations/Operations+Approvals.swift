import Gateway
import HTTPTypes
import Manifest
import Model

/// Consents to what rails refuse, as documents of the repository.
extension Operations {
    /// Approvals.
    static let approvals: [Operation] = [
        Operation("listApprovals", .get, "/api/approvals", access: .admin, query: Paging.names) { request, services in
            let page = try Paging(request.query, standard: nil)
            let state = try await services.state()
            let approvals = state.index.approvals
            var answer = page.response(
                page.rows(of: approvals).map { ApprovalWrites.shown($0).data }, total: approvals.count)
            answer.headers[.revision] = state.declared.revision
            return answer
        },
        Operation("createApproval", .post, "/api/approvals") { request, services throws(APIFailure) in
            try ApprovalWrites.create(request, at: services.clock.now())
        },
    ]
}
