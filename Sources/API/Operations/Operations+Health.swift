import Gateway
import HTTPTypes
import Model

extension Operations {
    /// Whether the process lives and can answer.
    static let health: [Operation] = [
        Operation("getHealth", .get, "/healthz", access: .open, rate: .exempt) { _, _ in
            APIResponse(status: .ok, json: .object([("status", .string("ok"))]))
        }
    ]
}
