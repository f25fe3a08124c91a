import Gateway
import HTTPTypes
import Model

/// What happens, as it happens.
extension Operations {
    /// The stream of events.
    static let events: [Operation] = [
        Operation("streamEvents", .get, "/api/events", access: .user) { request, services in
            let stream = try services.events.subscribe(request.principal, after: request.headers[.lastEventID])
            var headers: HTTPFields = [.contentType: "text/event-stream", .cacheControl: "no-store"]
            // Proxies that gather answers would hold events back.
            headers[.acceleratorBuffering] = "no"
            return APIResponse(status: .ok, headers: headers, stream: stream)
        }
    ]
}

extension HTTPField.Name {
    fileprivate static let lastEventID = known("Last-Event-ID")
    fileprivate static let acceleratorBuffering = known("X-Accel-Buffering")

    private static func known(_ name: String) -> HTTPField.Name {
        guard let name = HTTPField.Name(name) else { preconditionFailure("\(name) is no name of a header") }
        return name
    }
}
