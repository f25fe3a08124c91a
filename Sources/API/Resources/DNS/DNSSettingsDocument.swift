import Gateway
import Manifest
import Model

/// The settings of the DNS forwarder as the API shows them: every value that counts, and where it comes from. Without a
/// document it does not run.
enum DNSSettingsDocument {
    static func shown(in state: ResourceState) throws(APIFailure) -> ShownObject {
        let settings = SettingsQuery.dnsSettings(in: state.declared.tree)
        let tag = ObjectTag.of(settings)
        let origins: [(field: String, isDeclared: Bool)]
        do throws(GatewayFailure) {
            origins = try SettingsQuery.dnsOrigins(in: state.declared.tree)
        } catch {
            throw APIFailure(error)
        }
        return ShownObject(
            data: .object(
                ObjectView.dnsSettings(settings) + [
                    ("sources", .object(origins.map { ($0.field, .string($0.isDeclared ? "settings" : "default")) })),
                    ("etag", .string(tag)),
                    ("observed", .object([])),
                    ("observed_at", .optional(state.observed.takenAt?.description)),
                ]), etag: tag)
    }

    static func update(_ request: APIRequest, _ services: APIServices) async throws(APIFailure) -> APIWrite {
        let state = try await services.state()
        var edits = try BodyEdits.of(request, kind: .dnsSettings, shown: try shown(in: state).data).edits
        // As long as there is no document it is off anyway; in one that is made now it would not be.
        if state.declared.tree.dnsSettings == nil, edits.contains(where: { $0.action != .remove }),
            (try? JSONBody(request.body))?["enabled"] == .boolean(false)
        {
            edits.insert(FieldEdit(["enabled"], .set(.boolean(false))), at: 0)
        }
        return APIWrite(
            intent: .updateDNSSettings(edits), tag: { ObjectTag.of(SettingsQuery.dnsSettings(in: $0)) },
            show: { _, state throws(APIFailure) in try Self.shown(in: state) })
    }
}
