import ArgumentParser
import Reconciler

/// The options that name a gateway elsewhere. The token is never an argument, which everybody on the host could read.
struct AgainstOptions: ParsableArguments {
    @Option(
        name: .long,
        help: ArgumentHelp(
            "Ask the gateway at this address (https://gateway.example.com) instead of the one of this host.",
            valueName: "url"))
    var against: String?

    @Option(
        name: .long,
        help: ArgumentHelp(
            "With --against: the file that holds the API token (default: the environment variable WIREBUDDY_TOKEN).",
            valueName: "file"))
    var tokenFile: String?

    @Option(
        name: .long,
        help: ArgumentHelp(
            "With --against: the certificates to trust, in PEM (default: those of the system).", valueName: "file"))
    var caFile: String?

    @Flag(name: .long, help: "With --against: allow http to another host than this one; the token travels in clear.")
    var insecureHttp = false

    func validate() throws {
        guard against == nil else { return }
        let given = [tokenFile.map { _ in "--token-file" }, caFile.map { _ in "--ca-file" }]
        if let name = given.compactMap(\.self).first ?? (insecureHttp ? "--insecure-http" : nil) {
            throw ValidationError("\(name) needs --against.")
        }
    }

    /// The gateway that is named; nil: that of this host.
    ///
    /// - Throws: ``CommandFailure`` when address or token are none.
    func gateway() throws(CommandFailure) -> RemoteGateway? {
        guard let against else { return nil }
        return try RemoteGateway(
            against, token: try token(), certificates: caFile, allowsPlainText: insecureHttp)
    }

    private func token() throws(CommandFailure) -> String {
        let text: String
        if let tokenFile {
            switch SmallFile.read(tokenFile, limit: 4096) {
            case .success(let bytes): text = String(decoding: bytes, as: UTF8.self)
            case .failure(let error):
                throw CommandFailure(.error, "token file \(tokenFile) can't be read: \(error)")
            }
        } else if let value = Environment["WIREBUDDY_TOKEN"] {
            text = value
        } else {
            throw CommandFailure(
                .error,
                "--against needs a token: name its file with --token-file, or set WIREBUDDY_TOKEN"
                    + " (`wirebuddy token create` makes one)")
        }
        let words = text.split(whereSeparator: \.isWhitespace)
        guard words.count == 1, let token = words.first, token.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            throw CommandFailure(
                .error, "\(tokenFile.map { "token file \($0)" } ?? "WIREBUDDY_TOKEN") does not hold one token")
        }
        return String(token)
    }
}
