import Gateway
import HTTPTypes
import Manifest
import Model
import Reconciler

/// One write of the API: what is to be done, and how its answer shows the object.
struct APIWrite: Sendable {
    /// What is to be done.
    var intent: Intent
    /// Whether the answer is 201 with the documented sentence.
    var creates = false
    /// The tag that the object has in a tree, for `If-Match`; nil: there is none, and `If-Match` never holds.
    var tag: @Sendable (ManifestTree) -> String? = { _ in nil }
    /// Fields that name other objects, by the kind they name: where there is none of that name, the field is wrong.
    var references: [String: String] = [:]
    /// The object as its GET shows it; nil where the state has none.
    var show: @Sendable (ObjectIdentity, ResourceState) throws(APIFailure) -> ShownObject?
}

/// An object in an answer.
struct ShownObject: Sendable {
    /// The object.
    var data: JSONValue
    /// The strong tag of what is declared of it, with quotes.
    var etag: String
    /// Its path; nil where nothing creates it.
    var location: String?
}

extension APIServices {
    /// Does a write and answers as the contract says: the object, and `reconcile`.
    ///
    /// - Throws: ``APIFailure``; nothing was committed then, unless its details say so.
    func perform(_ write: APIWrite, for request: APIRequest) async throws(APIFailure) -> APIResponse {
        try await perform(try WriteCall(write, request: request), for: request)
    }

    func perform(_ call: WriteCall, for request: APIRequest) async throws(APIFailure) -> APIResponse {
        if try request.flag("dry_run") {
            _ = try idempotencyKey(of: request)
            return try await preview(call, for: request)
        }
        return try await once(for: request, replay: call.replay) { () throws(APIFailure) in
            try await commit(call, for: request)
        }
    }

    func commit(_ call: WriteCall, for request: APIRequest) async throws(APIFailure) -> WrittenResponse {
        let wait = try request.wait()
        let before = try await state()
        let result: WriteResult
        do throws(GatewayFailure) {
            result = try await store.write(call.intentRequest)
        } catch {
            throw await failure(error, of: call)
        }
        let after: ResourceState
        // Beside the pass, which leaves a core free.
        async let prepared: Void = states.prepare()
        let report = await report(on: result, within: wait)
        await prepared
        do throws(GatewayFailure) {
            after = try await states.afterWrite()
        } catch {
            throw APIFailure(.internalServerError, "committed as \(result.revision), but not read back: \(error)")
        }
        let outcome = WriteOutcome(result: result, report: report)
        let shown = try call.shown(result.outcome, before: before, after: after)
        var headers: HTTPFields = [.revision: result.revision]
        headers[.eTag] = shown.etag
        if call.creates { headers[.location] = shown.location }
        let beside = [("reconcile", outcome.json)]
        var written = WrittenResponse(
            response: call.creates
                ? .created(shown.data, beside: beside, headers: headers)
                : .data(shown.data, beside: beside, headers: headers),
            object: shown.object, revision: result.revision)
        if outcome.state == .failed {
            written.failure = APIFailure(
                .internalServerError, outcome.failureMessage,
                details: .object([("reconcile", outcome.json), ("data", shown.data)]), headers: headers)
        }
        return written
    }

    /// What a pass made of it; nil while none did.
    private func report(on result: WriteResult, within wait: Duration) async -> PassReport? {
        // Nothing new: what the last pass says about this revision stands.
        if result.isUnchanged, let last = reconciliation.view?.report, last.inForce == result.revision { return last }
        return await reconciliation.passAfterWrite(of: result.revision, within: wait)
    }

    private func preview(_ call: WriteCall, for request: APIRequest) async throws(APIFailure) -> APIResponse {
        do throws(GatewayFailure) {
            return try DryRunDocument(try await store.preview(call.intentRequest)).response()
        } catch {
            throw await failure(error, of: call)
        }
    }

    /// What a refusal is for the caller.
    private func failure(_ failure: GatewayFailure, of call: WriteCall) async -> APIFailure {
        var answer = call.failure(failure)
        guard answer.status == .conflict, answer.details == nil, let state = try? await states.afterWrite(),
            !state.problems.isEmpty
        else { return answer }
        // The head is in the way: where to correct it.
        answer.details = .object([("problems", .array(state.problems.prefix(20).map(JSONValue.string)))])
        return answer
    }
}
