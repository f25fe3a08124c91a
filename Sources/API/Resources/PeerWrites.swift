import Gateway
import HTTPTypes
import Manifest
import Model

/// How requests become writes of peers.
enum PeerWrites {
    static func create(_ request: APIRequest, _ services: APIServices) throws(APIFailure) -> APIWrite {
        let body = try BodyFields(request.body, kind: kind)
        var creation = PeerCreation(
            name: try body.required("name"), interface: try body.required("interface"),
            fields: body.edits.filter { !["name", "interface", "public_key"].contains($0.path[0]) })
        if let text = body.text("public_key") {
            guard let key = PublicKey(text) else {
                throw .invalid([InvalidField("public_key", "public_key must be a WireGuard key in base64")])
            }
            creation.publicKey = key
        }
        return APIWrite(
            intent: .createPeer(creation, host: services.hostRecipient), creates: true, references: references,
            show: show)
    }

    static func update(_ request: APIRequest, _ services: APIServices) async throws(APIFailure) -> APIWrite {
        let body = try BodyFields(request.body, kind: kind)
        return try await write(request, services) { selector in
            .updatePeer(selector, body.edits, host: services.hostRecipient)
        }
    }

    /// A write of the peer that the path names by its id.
    static func write(
        _ request: APIRequest, _ services: APIServices, _ intent: (PeerSelector) -> Intent
    ) async throws(APIFailure) -> APIWrite {
        let id = request.parameter("id")
        let state = try await services.state()
        let selector = PeerSelector(id: id, last: state.index.identity(of: id))
        return APIWrite(
            intent: intent(selector),
            tag: { tree in (try? selector.peer(in: tree)).map(DeclaredFields.etag) }, references: references, show: show
        )
    }

    /// The peer of the path, where its id is known and it is not somebody else's.
    static func visible(_ request: APIRequest, in state: ResourceState) throws(APIFailure) -> ShownObject {
        guard let position = state.index.position(of: request.parameter("id")),
            PeerScope(request.principal, state).contains(state.index.peers[position].peer)
        else { throw .notFound }
        return shown(at: position, in: state)
    }

    private static func shown(at position: Int, in state: ResourceState) -> ShownObject {
        let entry = state.index.peers[position]
        return ShownObject(
            data: state.peers.document(at: position), etag: DeclaredFields.etag(of: entry.peer),
            location: "/api/peers/\(entry.id)")
    }

    private static let kind = ObjectIdentity.peer("", of: "").kind
    /// Which field names an interface.
    private static let references = [ObjectIdentity.interface("").kind: "interface"]
    private static let show: @Sendable (ObjectIdentity, ResourceState) throws(APIFailure) -> ShownObject? = {
        identity, state in
        state.index.position(of: identity).map { shown(at: $0, in: state) }
    }
}

/// Which peers somebody may see.
struct PeerScope {
    /// The user whose peers he sees; nil: everybody's.
    let owner: String?

    init(_ principal: Principal, _ state: ResourceState) {
        let seesAll = principal.isAdmin || state.declared.tree.settings.api.userScope == .all
        owner = seesAll ? nil : principal.username
    }

    func contains(_ peer: Peer) -> Bool {
        guard let owner else { return true }
        return peer.owner?.lowercased() == owner.lowercased()
    }
}
