/// Lossless edits of configuration files.
///
/// An edit is a splice of the text: every byte outside of what it names stays as it is. After each splice the text is
/// read again, and must mean what the edit says and hold every comment that was not inside a deleted node; else the
/// edit is refused.
public enum ManifestEditor {
    /// Applies edits in order, each to the result of the one before; an edit that changes no meaning changes no byte.
    ///
    /// Costs about one reading of the file; a further edit costs only the reading of its document.
    ///
    /// - Parameters:
    ///   - edits: what to do.
    ///   - bytes: the text, without syntax problems.
    ///   - path: the name shown in refusals; JSON if it ends in `.json`, else YAML.
    ///   - known: the same text as it was parsed, where somebody has it: a long list of rules is not read again.
    /// - Throws: `EditRefusal` if one of the edits is impossible; then nothing is changed.
    public static func apply(
        _ edits: [Edit], to bytes: [UInt8], path: String, known: ParsedFile? = nil
    ) throws(EditRefusal) -> [UInt8] {
        do throws(EditRefusal) {
            var file = try EditedFile(path: path, bytes: bytes, known: known?.list)
            for edit in edits { try file.apply(edit) }
            return file.bytes
        } catch {
            var refusal = error
            refusal.path = path
            throw refusal
        }
    }

    /// A fresh YAML file: block style, two spaces of indentation, lists of single values in brackets when they are
    /// short, a final line break.
    public static func newFile(_ documents: [EditValue]) -> [UInt8] {
        let writer = ValueWriter()
        return Array(documents.map { writer.document($0).joined() }.joined(separator: Array("---\n".utf8)))
    }
}
