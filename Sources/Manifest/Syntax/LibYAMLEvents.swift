import CLibYAML

/// The event parser of libyaml 0.2.5 over a piece of memory that must outlive it.
///
/// The current event is owned by this value; nothing of it may be kept after `next()`.
@safe
struct LibYAMLEvents: ~Copyable {
    /// The events of the YAML that we tell apart.
    enum Kind {
        case streamStart, streamEnd, documentStart, documentEnd, alias, scalar, listStart, listEnd, mapStart, mapEnd
    }

    /// A place as libyaml counts it: characters from the start of its input, all 0-based.
    struct Mark {
        var index: Int
        var line: Int
        var column: Int

        @safe
        fileprivate init(_ mark: yaml_mark_t) {
            index = mark.index
            line = mark.line
            column = mark.column
        }
    }

    /// Why libyaml gave up.
    struct Failure: Error {
        var problem: String
        var context: String?
        var contextLine: Int
        var mark: Mark
    }

    private let parser: UnsafeMutablePointer<yaml_parser_t>
    private let event: UnsafeMutablePointer<yaml_event_t>

    /// Reads UTF-8 from `memory`; nil if there is no memory left.
    init?(_ memory: UnsafeBufferPointer<UInt8>) {
        unsafe parser = .allocate(capacity: 1)
        unsafe event = .allocate(capacity: 1)
        guard unsafe yaml_parser_initialize(parser) == 1 else {
            unsafe parser.deallocate()
            unsafe event.deallocate()
            return nil
        }
        unsafe event.initialize(to: yaml_event_t())
        unsafe yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING)
        unsafe yaml_parser_set_input_string(parser, memory.baseAddress, memory.count)
    }

    deinit {
        unsafe yaml_event_delete(event)
        unsafe yaml_parser_delete(parser)
        unsafe event.deallocate()
        unsafe parser.deallocate()
    }

    /// Replaces the current event by the next one.
    mutating func next() throws(Failure) -> Kind {
        unsafe yaml_event_delete(event)
        guard unsafe yaml_parser_parse(parser, event) == 1 else { throw failure }
        switch unsafe event.pointee.type {
        case YAML_STREAM_START_EVENT: return .streamStart
        case YAML_DOCUMENT_START_EVENT: return .documentStart
        case YAML_DOCUMENT_END_EVENT: return .documentEnd
        case YAML_ALIAS_EVENT: return .alias
        case YAML_SCALAR_EVENT: return .scalar
        case YAML_SEQUENCE_START_EVENT: return .listStart
        case YAML_SEQUENCE_END_EVENT: return .listEnd
        case YAML_MAPPING_START_EVENT: return .mapStart
        case YAML_MAPPING_END_EVENT: return .mapEnd
        default: return .streamEnd
        }
    }

    var start: Mark { unsafe Mark(event.pointee.start_mark) }
    var end: Mark { unsafe Mark(event.pointee.end_mark) }

    /// The text of a scalar event.
    var scalarText: String {
        let scalar = unsafe event.pointee.data.scalar
        return unsafe String(
            decoding: UnsafeBufferPointer(start: scalar.value, count: scalar.length), as: UTF8.self)
    }

    /// The style of a scalar event.
    var scalarStyle: Scalar.Style {
        switch unsafe event.pointee.data.scalar.style {
        case YAML_SINGLE_QUOTED_SCALAR_STYLE: .single
        case YAML_DOUBLE_QUOTED_SCALAR_STYLE: .double
        case YAML_LITERAL_SCALAR_STYLE: .literal
        case YAML_FOLDED_SCALAR_STYLE: .folded
        default: .plain
        }
    }

    /// Whether a collection event stands in brackets or braces.
    var isFlow: Bool {
        switch unsafe event.pointee.type {
        case YAML_MAPPING_START_EVENT:
            unsafe event.pointee.data.mapping_start.style == YAML_FLOW_MAPPING_STYLE
        case YAML_SEQUENCE_START_EVENT:
            unsafe event.pointee.data.sequence_start.style == YAML_FLOW_SEQUENCE_STYLE
        default: false
        }
    }

    /// Whether the node has an anchor.
    var hasAnchor: Bool {
        switch unsafe event.pointee.type {
        case YAML_SCALAR_EVENT: unsafe event.pointee.data.scalar.anchor != nil
        case YAML_MAPPING_START_EVENT: unsafe event.pointee.data.mapping_start.anchor != nil
        case YAML_SEQUENCE_START_EVENT: unsafe event.pointee.data.sequence_start.anchor != nil
        default: false
        }
    }

    /// Whether the node has a tag.
    var hasTag: Bool {
        switch unsafe event.pointee.type {
        case YAML_SCALAR_EVENT: unsafe event.pointee.data.scalar.tag != nil
        case YAML_MAPPING_START_EVENT: unsafe event.pointee.data.mapping_start.tag != nil
        case YAML_SEQUENCE_START_EVENT: unsafe event.pointee.data.sequence_start.tag != nil
        default: false
        }
    }

    /// Whether a document starts with directives other than `%YAML 1.2`.
    var hasForeignDirective: Bool {
        let start = unsafe event.pointee.data.document_start
        if unsafe start.tag_directives.start != start.tag_directives.end { return true }
        guard let version = unsafe start.version_directive else { return false }
        return unsafe version.pointee.major != 1 || version.pointee.minor != 2
    }

    private var failure: Failure {
        let state = unsafe parser
        let context = unsafe state.pointee.context.map { unsafe String(cString: $0) }
        return unsafe Failure(
            problem: state.pointee.problem.map { unsafe String(cString: $0) } ?? "out of memory",
            context: context, contextLine: state.pointee.context_mark.line,
            mark: Mark(state.pointee.problem_mark))
    }
}
