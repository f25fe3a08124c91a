/// Sequences that failed once, each with what it showed. They happen in every run.
enum KeptSequences {
    static let all: [(name: String, steps: String)] = []
}
