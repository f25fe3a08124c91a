import Gateway
import HTTPTypes
import Model

/// What only the unix socket offers: commands of this host let the daemon do their work, so that there is one writer of
/// the repository and one controller of the host.
extension Operations {
    /// Every operation at the socket besides ``all``.
    static let socket: [Operation] = [
        Operation("getDaemon", .get, "/api/daemon", access: .admin, rate: .exempt) { _, services in
            .data(try services.commandService().identity.json)
        },
        Operation("runCommand", .post, "/api/cli", access: .admin, rate: .exempt) { request, services in
            let service = try services.commandService()
            var body = try ActionBody(request)
            let style = body.strings("style")
            let call = CommandCall(
                arguments: body.strings("arguments"), author: body.string("author"),
                colour: style.contains("results"), messageColour: style.contains("messages"))
            try body.finish()
            return .data(try await service.run(call, by: request.principal).json)
        },
    ]
}

extension APIServices {
    fileprivate func commandService() throws(APIFailure) -> any CommandService {
        guard let commands else { throw .notFound }
        return commands
    }
}
