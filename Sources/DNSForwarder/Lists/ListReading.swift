import DNSPolicy
import Model

/// Reads the text of a list into its compiled form. Blocks for as long as that takes.
struct ListReading: Sendable {
    let declared: Blocklist
    let key: NameKey
    let limits: ListCompiler.Limits
    let digest: @Sendable () -> any StreamingDigest

    /// A list and the digest of its text.
    struct Outcome: Sendable {
        let list: CompiledList
        let digest: DigestValue
    }

    /// Reads a text that `pieces` hands over.
    ///
    /// - Throws: ``ListFault``, ``ListRefusal`` for a text that is not the pinned one, or what `pieces` throws.
    func read(_ pieces: (_ take: ([UInt8]) throws -> Void) throws -> Void) throws -> Outcome {
        var compiler = ListCompiler(name: declared.name, format: declared.format, key: key, limits: limits)
        var digest = digest()
        // Whoever pinned a text wants to hear first that this is another.
        var fault: ListFault?
        try pieces { piece in
            digest.update(piece.span)
            guard fault == nil else { return }
            do throws(ListFault) {
                try compiler.take(piece)
            } catch {
                if declared.sha256 == nil { throw error }
                fault = error
            }
        }
        let value = digest.finish()
        if let pin = declared.sha256, pin != value { throw ListRefusal.pin(pin, found: value) }
        if let fault { throw fault }
        return Outcome(list: try compiler.finish(), digest: value)
    }
}

/// Why a text that was read is not taken.
enum ListRefusal: Error, Equatable, CustomStringConvertible {
    /// It is not the text that is pinned.
    case pin(DigestValue, found: DigestValue)
    /// It has less than half of the rules in force.
    case shrunk(from: Int, to: Int)
    /// The server says that nothing changed, but was not asked that.
    case nothing

    /// What is wrong and what to do: lower case, no full stop.
    var description: String {
        switch self {
        case .pin(let pin, let found): "sha256 is \(pin), but the text has \(found)"
        case .shrunk(let old, let new):
            "the new text has \(new) rules where the one in force has \(old): force an update to take it"
        case .nothing: "the server sent no text"
        }
    }
}
