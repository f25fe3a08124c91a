import Gateway
import HTTPTypes
import Model

/// Who may tell the gateway that something happened elsewhere.
extension Operations {
    /// A push to the remote.
    static let hooks: [Operation] = [
        // Open: who asks is proved by the signature of the body, whatever tokens say.
        Operation("receiveGitHook", .post, "/api/hooks/git", access: .open) { request, services in
            guard let service = services.gitHook else { throw APIFailure.notFound }
            var delivery = GitHookDelivery(body: request.body)
            delivery.hubSignature = request.headers[.hubSignature]
            delivery.giteaSignature = request.headers[.giteaSignature]
            delivery.gitLabToken = request.headers[.gitLabToken]
            switch service.judge(delivery) {
            case .absent: throw APIFailure.notFound
            case .refused: throw APIFailure.unauthorized
            case .accepted: break
            }
            // Forges say much more, and all of it is their business.
            var body = try ActionBody(request)
            let isIgnored = body.string("ref").map { $0 != "refs/heads/\(service.branch)" } ?? false
            if !isIgnored { service.lookNow() }
            return APIResponse(
                status: .accepted,
                json: .object([
                    ("success", .boolean(true)),
                    (
                        "data",
                        .object([
                            ("branch", .string(service.branch)),
                            ("result", .string(isIgnored ? "ignored" : "accepted")),
                        ])
                    ),
                ]))
        }
    ]
}

extension HTTPField.Name {
    fileprivate static let hubSignature = HTTPField.Name.declared("X-Hub-Signature-256")
    fileprivate static let giteaSignature = HTTPField.Name.declared("X-Gitea-Signature")
    fileprivate static let gitLabToken = HTTPField.Name.declared("X-Gitlab-Token")
}
