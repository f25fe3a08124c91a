import Gateway
import HTTPTypes
import Manifest
import Model

/// The fields of a JSON body as changes of an object.
struct BodyFields {
    let edits: [FieldEdit]

    init(_ body: [UInt8], kind: String) throws(APIFailure) {
        let tree = SyntaxTree(path: "body.json", bytes: body)
        guard tree.problems.isEmpty, let root = tree.documents.first?.root, case .map(let entries) = root.content else {
            throw APIFailure(.badRequest, tree.problems.first?.message ?? "the body must be a JSON object")
        }
        var edits: [FieldEdit] = []
        for entry in entries {
            do {
                let value = try EditValue(entry.value)
                edits.append(FieldEdit([entry.key.text], value == .null ? .remove : .set(value)))
            } catch {
                throw .invalid([InvalidField(entry.key.text, error.message)])
            }
        }
        self.edits = edits
    }

    func text(_ name: String) -> String? {
        for edit in edits where edit.path == [name] {
            if case .set(.string(let text)) = edit.action { return text }
        }
        return nil
    }

    func required(_ name: String) throws(APIFailure) -> String {
        guard let text = text(name) else { throw .invalid([InvalidField(name, "\(name) is required")]) }
        return text
    }
}
