import Gateway
import HTTPTypes
import Manifest
import Model

/// One write of the API: what is to be done, and how its answer shows the object.
struct APIWrite: Sendable {
    /// What is to be done.
    var intent: Intent
    /// Whether the answer is 201 with the documented sentence.
    var creates = false
    /// The object as its GET shows it; nil where the state has none.
    var show: @Sendable (ObjectIdentity, ResourceState) throws(APIFailure) -> ShownObject?
}

/// An object in an answer.
struct ShownObject: Sendable {
    /// The object.
    var data: JSONValue
    /// The strong tag of what is declared of it, with quotes.
    var etag: String
}

extension APIServices {
    /// Does a write and answers as the contract says: the object, and `reconcile`.
    ///
    /// - Throws: ``APIFailure``; nothing was committed then, unless its details say so.
    func perform(_ write: APIWrite, for request: APIRequest) async throws(APIFailure) -> APIResponse {
        let before = try await state()
        let result: WriteResult
        do throws(GatewayFailure) {
            result = try await store.write(
                IntentRequest(write.intent, author: request.principal.author, via: "rest", requestID: request.id))
        } catch {
            throw APIFailure(error)
        }
        _ = await reconciliation.passAfterWrite(of: result.revision, within: .seconds(5))
        let after = try await state()
        let identity = result.outcome.object
        var shown = try write.show(identity, after)
        if shown == nil { shown = try write.show(identity, before) }
        let data = shown?.data ?? .null
        return write.creates ? .created(data) : .data(data)
    }
}
