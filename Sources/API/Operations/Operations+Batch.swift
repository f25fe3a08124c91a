import Gateway
import HTTPTypes
import Model

extension Operations {
    /// Several writes as one.
    static let batch: [Operation] = [
        Operation("batch", .post, "/api/batch", access: .admin, query: Operation.writeQuery) { request, services in
            _ = try (request.wait(), request.flag("dry_run"), request.approvals())
            let parts = try BatchBody(request.body).requests(like: request)
            var writes: [(write: APIWrite, condition: String?)] = []
            for (number, part) in parts.enumerated() {
                do throws(APIFailure) {
                    writes.append((try await part.write(part.request, services), part.request.headers[.ifMatch]))
                } catch {
                    guard error.status == .badRequest else { throw error.at(number) }
                    // The request as a whole can be read: a part that can't be is a field of it.
                    throw APIFailure.invalid([InvalidField("writes.\(number)", error.message)]).at(number)
                }
            }
            return try await services.perform(try WriteCall(batch: writes, request: request), for: request)
        }
    ]
}
