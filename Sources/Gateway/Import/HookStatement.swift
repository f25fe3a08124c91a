/// One command of a hook: `PostUp` lines hold several, separated by `;`, `&&` and `||`.
struct HookStatement {
    /// The words without their quotes; `>` and `|` stand as words of their own.
    var words: [String] = []
    /// Whether the shell does more than run one program: pipes, redirections, loops.
    var isComposed = false

    /// The name of the program without its folder; empty without words.
    var program: String { words.first.map { String($0.split(separator: "/").last ?? "") } ?? "" }

    /// What people see of it. Arguments of unknown programs may be secrets, so only those of the network's own tools are
    /// shown, and no key.
    var shown: String {
        let isOfTheNetwork = Self.shownPrograms.contains(program)
        return KeyMask.masked((isOfTheNetwork ? words.joined(separator: " ") : program).utf8)
    }

    private static let shownPrograms: Set<String> = [
        "iptables", "ip6tables", "iptables-nft", "ip6tables-nft", "iptables-legacy", "ip6tables-legacy", "nft", "ip",
        "sysctl", "ufw", "firewall-cmd", "ethtool", "tc", "resolvectl", "wg", "ipset", "route", "ifconfig", "conntrack",
    ]

    /// The statements of a line, with `%i` replaced by the interface.
    static func all(in command: String, interface: String) -> [HookStatement] {
        var lexer = Lexer(Array(command.replacingInterface(with: interface).utf8))
        return lexer.split()
    }

    /// Splits as a shell does, as far as hooks need it: quotes, `$( )` and back quotes stay in their word.
    private struct Lexer {
        private let bytes: [UInt8]
        private var index = 0
        private var statements: [HookStatement] = []
        private var statement = HookStatement()
        private var word: [UInt8] = []
        private var hasWord = false

        init(_ bytes: [UInt8]) {
            self.bytes = bytes
        }

        mutating func split() -> [HookStatement] {
            while index < bytes.count { step() }
            endStatement()
            return statements
        }

        private var next: UInt8? { index + 1 < bytes.count ? bytes[index + 1] : nil }

        private mutating func step() {
            let byte = bytes[index]
            switch byte {
            case UInt8(ascii: " "), UInt8(ascii: "\t"): endWord()
            case UInt8(ascii: ";"): endStatement()
            case UInt8(ascii: "&"):
                if next == byte {
                    index += 1
                    endStatement()
                } else {
                    statement.isComposed = true
                    endWord()
                }
            case UInt8(ascii: "|"):
                if next == byte {
                    index += 1
                    endStatement()
                } else {
                    operatorWord("|")
                }
            case UInt8(ascii: ">"), UInt8(ascii: "<"): operatorWord(byte == UInt8(ascii: ">") ? ">" : "<")
            case UInt8(ascii: "'"), UInt8(ascii: "\""): quoted(until: byte)
            case UInt8(ascii: "`"): substitution(until: byte)
            case UInt8(ascii: "$") where next == UInt8(ascii: "("): substitution(until: UInt8(ascii: ")"))
            case UInt8(ascii: "\\"):
                if let next { append(next) }
                index += 1
            default: append(byte)
            }
            index += 1
        }

        private mutating func append(_ byte: UInt8) {
            word.append(byte)
            hasWord = true
        }

        private mutating func quoted(until end: UInt8) {
            hasWord = true
            index += 1
            while index < bytes.count, bytes[index] != end {
                if end == UInt8(ascii: "\""), bytes[index] == UInt8(ascii: "\\"), let next {
                    word.append(next)
                    index += 2
                    continue
                }
                word.append(bytes[index])
                index += 1
            }
        }

        private mutating func substitution(until end: UInt8) {
            hasWord = true
            var depth = 0
            repeat {
                let byte = bytes[index]
                word.append(byte)
                if end == UInt8(ascii: ")") {
                    if byte == UInt8(ascii: "(") { depth += 1 }
                    if byte == end { depth -= 1 }
                    if byte == end, depth == 0 { return }
                } else if byte == end {
                    depth += 1
                    if depth == 2 { return }
                }
                index += 1
            } while index < bytes.count
        }

        private mutating func operatorWord(_ text: String) {
            endWord()
            statement.isComposed = true
            statement.words.append(text)
        }

        private mutating func endWord() {
            if hasWord { statement.words.append(String(decoding: word, as: UTF8.self)) }
            word = []
            hasWord = false
        }

        private mutating func endStatement() {
            endWord()
            if !statement.words.isEmpty { statements.append(statement) }
            statement = HookStatement()
        }
    }
}

extension String {
    /// `wg-quick` replaces every `%i`.
    fileprivate func replacingInterface(with name: String) -> String {
        var parts = split(separator: "%", omittingEmptySubsequences: false).map(String.init)
        for index in parts.indices.dropFirst() {
            parts[index] = parts[index].hasPrefix("i") ? name + parts[index].dropFirst() : "%" + parts[index]
        }
        return parts.joined()
    }
}
