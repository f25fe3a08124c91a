// How the writer of a document formats.
extension DocumentLayout {
    init(bytes: [UInt8], root: Node, comments: [Range<Int>], isJSON: Bool, lineBreak: String) {
        var writer = ValueWriter()
        writer.isJSON = isJSON
        self.init(bytes: bytes, root: root, comments: comments, writer: writer, lineBreak: lineBreak)
        if !isJSON {
            var habits = Habits(layout: self)
            habits.visit(root)
            self.init(
                bytes: bytes, root: root, comments: comments, writer: habits.writer(writer), lineBreak: lineBreak)
        }
    }

    /// The style of the texts beside a place if all of them have the same quotes, else plain.
    func styleOfNeighbours(_ parent: Node, except index: Int? = nil) -> Scalar.Style {
        let nodes: [Node]
        switch parent.content {
        case .map(let entries): nodes = entries.map(\.value)
        case .list(let items): nodes = items
        default: nodes = []
        }
        return commonStyle(
            nodes.indices.compactMap { place in
                guard place != index, case .scalar(let scalar) = nodes[place].content, scalar.value == .string else {
                    return nil
                }
                return scalar.style
            })
    }

    /// The style of the keys of a mapping if all of them have the same quotes, else plain.
    func styleOfKeys(_ parent: Node) -> Scalar.Style {
        guard case .map(let entries) = parent.content else { return .plain }
        return commonStyle(entries.map(\.key.style))
    }

    private func commonStyle(_ styles: [Scalar.Style]) -> Scalar.Style {
        guard let first = styles.first, first == .single || first == .double else { return .plain }
        return styles.allSatisfy { $0 == first } ? first : .plain
    }

    /// What is counted while walking over a document.
    private struct Habits {
        let layout: DocumentLayout
        private var step: Int?
        private var listOffset: Int?
        private var singles = 0
        private var doubles = 0
        private var blockLists = 0
        private var flowLists = 0
        private var blockMaps = 0
        private var flowMaps = 0

        init(layout: DocumentLayout) { self.layout = layout }

        func writer(_ writer: ValueWriter) -> ValueWriter {
            var writer = writer
            writer.step = step ?? (listOffset.map { $0 > 0 ? $0 : 2 } ?? 2)
            writer.listOffset = listOffset ?? writer.step
            writer.quote = singles > doubles ? .single : .double
            writer.writesBlockLists = blockLists > flowLists
            writer.writesFlowMaps = flowMaps > blockMaps
            return writer
        }

        mutating func visit(_ node: Node) {
            switch node.content {
            case .scalar(let scalar):
                if scalar.style == .single { singles += 1 }
                if scalar.style == .double { doubles += 1 }
            case .list(let items):
                if layout.isFlow(node) {
                    if !items.isEmpty { flowLists += 1 }
                } else {
                    blockLists += 1
                }
                for item in items { visit(item) }
            case .map(let entries):
                for entry in entries {
                    note(entry.value, below: node)
                    visit(entry.value)
                }
            case .unsupported: break
            }
        }

        private mutating func note(_ value: Node, below parent: Node) {
            switch value.content {
            case .map(let entries):
                if layout.isBlockCollection(value) {
                    blockMaps += 1
                    if step == nil { step = layout.column(value) - layout.column(parent) }
                } else if !entries.isEmpty {
                    flowMaps += 1
                }
            case .list where layout.isBlockCollection(value):
                if listOffset == nil { listOffset = layout.column(value) - layout.column(parent) }
            default: break
            }
        }
    }
}
