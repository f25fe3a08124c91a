import Gateway
import HTTPTypes
import Manifest
import Model

/// How requests become approvals: `{"digests", "reason", "expires"}`.
enum ApprovalWrites {
    static func create(_ request: APIRequest, at now: Timestamp) throws(APIFailure) -> APIWrite {
        var request = request
        // A part of a batch has no headers of its own.
        if request.headers[.contentType] == nil { request.headers[.contentType] = "application/json" }
        var body = try ActionBody(request)
        let digests = body.strings("digests")
        let reason = body.required("reason", count: 1...1024)
        let text = body.required("expires", count: 1...40)
        let expires = Timestamp(text)
        if expires == nil, !text.isEmpty {
            body.refuse("expires", "expires must be a time such as 2027-01-01T00:00:00Z (RFC 3339)")
        }
        if digests.isEmpty { body.refuse("digests", "digests must be a list of at least one digest") }
        try body.finish()
        return APIWrite(
            intent: .approve(digests, reason: reason, expires: expires ?? now, at: now), creates: true,
            show: { identity, state in state.declared.tree.approval(identity.name).map(shown) })
    }

    /// An approval as the API shows it.
    static func shown(_ approval: Approval) -> ShownObject {
        let tag = ObjectTag.of(approval)
        return ShownObject(data: .object(ObjectView.approval(approval) + [("etag", .string(tag))]), etag: tag)
    }
}
