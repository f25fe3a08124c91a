public import Gateway
public import Model

/// What the daemon does for commands of this host, at its unix socket only.
public protocol CommandService: Sendable {
    /// Who the daemon is, so that a command knows whether it is the right one.
    var identity: DaemonIdentity { get }

    /// Runs a command on the daemon's own gateway, as if it ran alone.
    ///
    /// - Throws: ``APIFailure`` for what is no such command.
    func run(_ call: CommandCall, by principal: Principal) async throws(APIFailure) -> CommandAnswer
}

/// What tells one daemon from another.
public struct DaemonIdentity: Sendable, Hashable {
    /// What commands and daemon speak with each other; grows with each change of it.
    public static let protocolVersion = 1

    /// What it speaks.
    public var protocolVersion: Int
    /// The version of the program.
    public var version: String
    /// The inode of its network namespace.
    public var namespace: UInt64
    /// The directory of the configuration, without links.
    public var config: String
    /// The state directory, without links.
    public var state: String

    /// An identity.
    public init(
        protocolVersion: Int = DaemonIdentity.protocolVersion, version: String, namespace: UInt64, config: String,
        state: String
    ) {
        self.protocolVersion = protocolVersion
        self.version = version
        self.namespace = namespace
        self.config = config
        self.state = state
    }

    /// The identity as it is sent.
    public var json: JSONValue {
        .object([
            ("protocol", .number(protocolVersion)), ("version", .string(version)),
            ("namespace", .string(String(namespace))), ("config", .string(config)), ("state", .string(state)),
        ])
    }
}

/// A command as it was typed.
public struct CommandCall: Sendable, Hashable {
    /// The words behind `wirebuddy`.
    public var arguments: [String]
    /// The login name of who typed it, as far as root may say so: the user behind `sudo`.
    public var author: String?
    /// Whether its results may hold colours.
    public var colour: Bool
    /// Whether its messages may.
    public var messageColour: Bool

    /// A call.
    public init(arguments: [String], author: String?, colour: Bool, messageColour: Bool) {
        self.arguments = arguments
        self.author = author
        self.colour = colour
        self.messageColour = messageColour
    }

    /// The call as it is sent.
    public var json: JSONValue {
        .object([
            ("arguments", .array(arguments.map(JSONValue.string))), ("author", .optional(author)),
            ("style", .array((colour ? [.string("results")] : []) + (messageColour ? [.string("messages")] : []))),
        ])
    }
}

/// How a command ended.
public struct CommandAnswer: Sendable, Hashable {
    /// Its exit code.
    public var exitCode: Int32
    /// What it wrote to standard output.
    public var output: String
    /// What it wrote to standard error.
    public var messages: String

    /// An answer.
    public init(exitCode: Int32, output: String, messages: String) {
        self.exitCode = exitCode
        self.output = output
        self.messages = messages
    }

    /// The answer as it is sent.
    public var json: JSONValue {
        .object([
            ("exit_code", .number(Int(exitCode))), ("output", .string(output)), ("messages", .string(messages)),
        ])
    }
}
