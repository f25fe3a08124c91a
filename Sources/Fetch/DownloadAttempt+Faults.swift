import AsyncHTTPClient
import Glibc
import NIOCore
import NIOHTTP1
import NIOSSL

extension DownloadAttempt {
    func fault(_ reason: DownloadFault.Reason) -> DownloadFault { DownloadFault(host: address.label, reason: reason) }

    /// Whether no connection came about, so that another address may do better.
    static func isUnconnected(_ error: any Error) -> Bool {
        switch error {
        case let error as IOError: [ECONNREFUSED, ENETUNREACH, EHOSTUNREACH, ETIMEDOUT].contains(error.errnoCode)
        case let error as HTTPClientError: error == .connectTimeout
        case ChannelError.connectTimeout: true
        default: false
        }
    }

    /// What an error of the client means; that of the taker passes unchanged.
    func fault(of error: any Error) -> any Error {
        let isOver = ContinuousClock.now >= end
        switch error {
        case is DownloadFault: return error
        case let error as TakeFailure: return error.reason
        case is CancellationError: return fault(.cancelled)
        case let error as HTTPClientError: return fault(isOver ? .deadline(download.limits.total) : reason(error))
        case let error as IOError:
            return fault(.connection(unsafe String(cString: strerror(error.errnoCode)).lowercased()))
        case is ChannelError: return fault(.connection("no connection (\(error))"))
        case let error as NIOSSLExtraError where error == .failedToValidateHostname:
            return fault(.connection("its certificate is for another name"))
        case is NIOSSLError, is NIOSSLExtraError, is BoringSSLError:
            return fault(.connection("TLS failed: \(error)"))
        case HTTPParserError.invalidEOFState: return fault(.connection(Self.cutOff))
        case is HTTPParserError: return fault(.connection("its answer is no HTTP (\(error))"))
        default: return fault(isOver ? .deadline(download.limits.total) : .connection("\(error)"))
        }
    }

    private static let cutOff = "the connection was closed before the end"

    private func reason(_ error: HTTPClientError) -> DownloadFault.Reason {
        switch error {
        case .readTimeout: .idle(download.limits.idle)
        case .deadlineExceeded: .deadline(download.limits.total)
        case .cancelled: .cancelled
        case .connectTimeout, .tlsHandshakeTimeout, .getConnectionFromPoolTimeout:
            .connection("no connection within \(download.limits.connect.components.seconds) s")
        case .remoteConnectionClosed, .uncleanShutdown: .connection(Self.cutOff)
        default: .connection("\(error)")
        }
    }
}
