import FoundationEssentials
import Glibc
import Reconciler

extension DaemonClient {
    /// Finds the daemon that only it can answer.
    ///
    /// - Throws: ``CommandFailure`` when there is none, or it answers somebody else.
    static func required(_ composition: GatewayComposition) async throws(CommandFailure) -> DaemonClient {
        if let daemon = try await find(composition) { return daemon }
        let socket = LocalSocket(path: composition.socketPath)
        if case .closed(let code) = socket.reach(), code == EACCES || code == EPERM {
            throw CommandFailure(
                .error,
                "\(socket.path) is closed to you: be root, or of the group api.socket_group of the host file")
        }
        throw .noDaemon(composition)
    }

    /// Asks the REST API of the daemon: `data` of its answer.
    ///
    /// - Parameter path: the path with its query, escaped.
    /// - Throws: ``DaemonRefusal`` when it says no; ``CommandFailure`` when there is no answer, or one of another version.
    func get<Value: Decodable>(_ path: String, of _: Value.Type = Value.self) async throws -> Value {
        let (status, bytes): (Int, [UInt8])
        do throws(LocalSocketFailure) {
            (status, bytes) = try await socket.exchange(.get, path, nil, within: .seconds(60))
        } catch {
            throw CommandFailure(.error, error.description)
        }
        do {
            let decoder = JSONDecoder()
            guard status == 200 else {
                throw DaemonRefusal(
                    status: status, message: try decoder.decode(RefusalDocument.self, from: Data(bytes)).message)
            }
            return try decoder.decode(Envelope<Value>.self, from: Data(bytes)).data
        } catch is DecodingError {
            throw CommandFailure(
                .error,
                "what answers at \(socket.path) is no daemon of this version: restart it, or stop it and try again")
        }
    }
}

/// The daemon understood a question and does not answer it.
struct DaemonRefusal: Error, CustomStringConvertible {
    /// The status of HTTP.
    let status: Int
    /// Why, and what to do.
    let message: String

    var description: String { "the daemon refused: \(message)" }
}

/// Around every answer.
private struct Envelope<Value: Decodable>: Decodable {
    let data: Value
}

/// A refusal as the API writes it.
private struct RefusalDocument: Decodable {
    let message: String
}

/// Values inside of the target of a request (RFC 3986).
enum TargetText {
    /// The text with everything escaped that is not unreserved.
    static func escaped(_ text: String) -> String {
        var bytes: [UInt8] = []
        let digits = Array("0123456789ABCDEF".utf8)
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
                UInt8(ascii: "~"):
                bytes.append(byte)
            default: bytes += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
