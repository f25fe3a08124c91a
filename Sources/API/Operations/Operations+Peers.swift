import Gateway
import HTTPTypes
import Manifest
import Model

extension Operations {
    /// Peers.
    static let peers: [Operation] = [
        Operation(
            "listPeers", .get, "/api/peers", access: .user,
            query: ["interface", "status", "search", "owner", "label", "sort", "limit", "offset"]
        ) { request, services in
            let query = try PeerListQuery(request)
            return try query.response(in: try await services.state(), for: request.principal)
        },
        Operation("getPeer", .get, "/api/peers/{id}", access: .user) { request, services in
            let state = try await services.state()
            let shown = try PeerWrites.visible(request, in: state)
            return .data(shown.data, headers: [.eTag: shown.etag, .revision: state.declared.revision])
        },
        Operation("createPeer", .post, "/api/peers") { request, services throws(APIFailure) in
            try PeerWrites.create(request, services)
        },
        Operation("updatePeer", .put, "/api/peers/{id}") { request, services throws(APIFailure) in
            try await PeerWrites.update(request, services)
        },
        Operation("patchPeer", .patch, "/api/peers/{id}") { request, services throws(APIFailure) in
            try await PeerWrites.update(request, services)
        },
        Operation("deletePeer", .delete, "/api/peers/{id}") { request, services throws(APIFailure) in
            try await PeerWrites.write(request, services) { .removePeer($0) }
        },
        Operation("enablePeer", .post, "/api/peers/{id}/enable") { request, services throws(APIFailure) in
            try await PeerWrites.write(request, services) { .enablePeer($0) }
        },
        Operation("disablePeer", .post, "/api/peers/{id}/disable") { request, services throws(APIFailure) in
            try await PeerWrites.write(request, services) { .disablePeer($0) }
        },
        Operation("rotatePeerKeys", .post, "/api/peers/{id}/rotate-keys") { request, services throws(APIFailure) in
            try await PeerWrites.write(request, services) { .rotateKeys($0, host: services.hostRecipient) }
        },
        Operation("getPeerConfig", .get, "/api/peers/{id}/config", access: .secrets, query: ["platform"]) {
            request, services in
            try DeviceFile(request, services, in: try await services.state()).text()
        },
        Operation(
            "getPeerQRCode", .get, "/api/peers/{id}/qrcode", access: .secrets, query: ["platform", "format", "size"]
        ) { request, services in
            try DeviceFile(request, services, in: try await services.state()).picture()
        },
    ]
}
