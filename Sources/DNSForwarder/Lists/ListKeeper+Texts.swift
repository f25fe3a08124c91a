import DNSPolicy
import Model

/// What looking for a newer text of a list found.
enum ListNews: Sendable {
    /// The text in force is the newest.
    case same(ListRecord)
    /// Another text, read.
    case text(ListReading.Outcome, ListValidators)
}

extension ListKeeper {
    /// Looks for a newer text of a list and reads it.
    func news(of entry: ListEntry, force: Bool) async throws -> ListNews {
        let reading = ListReading(declared: entry.declared, key: key, limits: limits, digest: digest)
        // What is known about the text in force, if it would be read the same way today.
        let known = entry.list == nil || force || !entry.isDeclared ? nil : entry.record
        switch entry.declared.source {
        case .file(let path):
            let text = try await file(path, limits.bytes + 1)
            let outcome = await LowPriorityThread.run { Result { try reading.news(of: text, known) } }
            return try outcome.get()
        case .url(let url):
            let draft = try ListDraft(in: store.directory)
            let request = ListRequest(url: url, validators: known?.validators ?? ListValidators(), limit: limits.bytes)
            let reply = try await fetch(request) { piece in try draft.append(piece) }
            switch reply {
            case .notModified:
                guard let known else { throw ListRefusal.nothing }
                return .same(known)
            case .text(let type, let validators):
                if let type, ["text/html", "application/xhtml+xml"].contains(type) { throw ListFault.page }
                let outcome = await LowPriorityThread.run {
                    Result { try reading.read { take in try draft.read(take) } }
                }
                return .text(try outcome.get(), validators)
            }
        }
    }
}

extension ListReading {
    /// Reads the text of a file, unless it is the known one.
    func news(of text: [UInt8], _ known: ListRecord?) throws -> ListNews {
        if let known {
            var digest = digest()
            digest.update(text.span)
            if "\(digest.finish())" == known.digest { return .same(known) }
        }
        let outcome = try read { take in
            for start in stride(from: 0, to: text.count, by: 65_536) {
                try take(Array(text[start..<min(start + 65_536, text.count)]))
            }
        }
        return .text(outcome, ListValidators())
    }
}
