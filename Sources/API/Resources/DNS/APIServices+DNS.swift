import Gateway

extension APIServices {
    /// Asks the forwarder, or tells it something.
    ///
    /// - Throws: ``APIFailure``: what it refuses, and what can't be read or written.
    func askDNS<Answer: Sendable>(
        _ question: (any DNSService) async throws(GatewayFailure) -> Answer
    ) async throws(APIFailure) -> Answer {
        do throws(GatewayFailure) {
            return try await question(dns)
        } catch {
            throw APIFailure(error)
        }
    }
}
