import Gateway
import HTTPTypes
import Manifest
import Model

extension APIServices {
    /// Takes an interface down and up again: two commits, each with its pass, so that history says what happened.
    ///
    /// - Throws: ``APIFailure``.
    func restart(_ request: APIRequest) async throws(APIFailure) -> APIResponse {
        let name = request.parameter("name")
        let start = InterfaceWrites.write(name, .startInterface(name))
        let state = try await state()
        guard let interface = state.declared.tree.interface(name) else { throw .notFound }
        let isPreview = try request.flag("dry_run")
        if interface.enabled, !isPreview {
            let stopped = try await perform(InterfaceWrites.write(name, .stopInterface(name)), for: request)
            guard stopped.status == .ok else { return stopped }
        }
        var second = request
        // The first half changed what `If-Match` names, and was remembered under the key.
        second.headers[.ifMatch] = nil
        second.headers[.idempotencyKey] = nil
        return try await perform(start, for: second)
    }
}
