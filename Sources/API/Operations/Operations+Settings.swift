import Gateway
import HTTPTypes
import Model

extension Operations {
    /// The settings.
    static let settings: [Operation] = [
        Operation("getSettings", .get, "/api/settings", access: .admin) { _, services in
            let state = try await services.state()
            let shown = try SettingsDocument.shown(in: state)
            return .data(shown.data, headers: [.eTag: shown.etag, .revision: state.declared.revision])
        },
        Operation("updateSettings", .put, "/api/settings") { request, services throws(APIFailure) in
            try await SettingsDocument.update(request, services)
        },
        Operation("patchSettings", .patch, "/api/settings") { request, services throws(APIFailure) in
            try await SettingsDocument.update(request, services)
        },
    ]
}
