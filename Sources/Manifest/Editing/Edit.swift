/// One change of a file's text.
///
/// `document` counts among `SyntaxTree.documents` of the text the edit is applied to. A `path` names fields from the
/// document's root; below a list, a decimal number names an item, counted from 0.
public enum Edit: Sendable, Equatable {
    /// Replaces a value, or inserts the field behind the last one of its mapping; missing mappings on the way are
    /// made. Of a mapping or list that stands there only what differs is changed.
    case set(document: Int, path: [String], value: EditValue)
    /// Removes a field with its comment; an absent one is no change.
    case remove(document: Int, path: [String])
    /// Adds an item to a list that does not hold it yet; an absent list is made, a single value becomes a list.
    case append(document: Int, path: [String], value: EditValue)
    /// Removes one item of a list, counted from 0.
    case removeItem(document: Int, path: [String], index: Int)
    /// Adds a document (a mapping) at the end of the file.
    case addDocument(EditValue)
    /// Removes a document with its comment. A text that is then without documents may still hold comments.
    case removeDocument(Int)
}
