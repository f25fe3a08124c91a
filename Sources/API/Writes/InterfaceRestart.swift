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
        let start = try WriteCall(InterfaceWrites.write(name, .startInterface(name)), request: request)
        guard let interface = try await state().declared.tree.interface(name) else { throw .notFound }
        guard interface.enabled, try !request.flag("dry_run") else { return try await perform(start, for: request) }
        return try await once(for: request, replay: start.replay) { () async throws(APIFailure) in
            let stop = try WriteCall(InterfaceWrites.write(name, .stopInterface(name)), request: request)
            let stopped = try await commit(stop, for: request)
            guard stopped.failure == nil else { return stopped }
            // The first half changed what `If-Match` names.
            var second = request
            second.headers[.ifMatch] = nil
            let start = try WriteCall(InterfaceWrites.write(name, .startInterface(name)), request: second)
            return try await commit(start, for: second)
        }
    }
}
