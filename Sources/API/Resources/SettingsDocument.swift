import Gateway
import Manifest
import Model

/// The settings as the API shows them: every value that counts, and where it comes from.
enum SettingsDocument {
    static func shown(in state: ResourceState) throws(APIFailure) -> ShownObject {
        let settings = state.declared.tree.settings
        let tag = ObjectTag.of(settings)
        let origins: [(field: String, isDeclared: Bool)]
        do throws(GatewayFailure) {
            origins = try SettingsQuery.origins(in: state.declared.tree)
        } catch {
            throw APIFailure(error)
        }
        return ShownObject(
            data: .object(
                ObjectView.settings(settings) + [
                    ("sources", .object(origins.map { ($0.field, .string($0.isDeclared ? "settings" : "default")) })),
                    ("etag", .string(tag)),
                    ("observed", .object([])),
                    ("observed_at", .optional(state.observed.takenAt?.description)),
                ]), etag: tag)
    }

    static func update(_ request: APIRequest, _ services: APIServices) async throws(APIFailure) -> APIWrite {
        let shown = try shown(in: try await services.state())
        let body = try BodyEdits.of(request, kind: .settings, shown: shown.data)
        return APIWrite(
            intent: .updateSettings(body.edits), tag: { ObjectTag.of($0.settings) },
            show: { _, state throws(APIFailure) in try Self.shown(in: state) })
    }
}
