import Foundation

/// Shows the state of a job on standard error while it runs. Work under two seconds shows nothing, except to programs.
struct ProgressDisplay {
    private let style: ProgressStyle
    private let task: Task<Void, Never>
    private let state: @Sendable () -> ProgressState?

    /// Starts showing what `state` returns; nil means that there is nothing to show yet.
    init(_ style: ProgressStyle, state: @escaping @Sendable () -> ProgressState?) {
        self.style = style
        self.state = state
        task = Task.detached {
            var lastLine = ContinuousClock.now
            while style != .none, !Task.isCancelled {
                try? await Task.sleep(for: .milliseconds(style == .bar ? 250 : 500))
                guard !Task.isCancelled, let now = state(), style == .json || now.elapsed > .seconds(2) else {
                    continue
                }
                let pause: Duration = style == .plain ? .seconds(5) : .seconds(1)
                switch style {
                case .none: return
                case .bar: StandardError.write("\r\u{1B}[2K" + now.line(bar: true))
                case .plain, .json:
                    guard ContinuousClock.now - lastLine >= pause else { continue }
                    lastLine = .now
                    StandardError.write(style == .json ? now.json(state: "running") : now.line(bar: false) + "\n")
                }
            }
        }
    }

    /// Stops: clears the bar, or tells a program how the job ended (`done`, `failed`, `stopped`).
    func stop(_ outcome: String) async {
        task.cancel()
        await task.value
        switch style {
        case .bar: StandardError.write("\r\u{1B}[2K")
        case .json: if let last = state() { StandardError.write(last.json(state: outcome)) }
        case .plain, .none: break
        }
    }

    /// Runs a job under a display.
    static func showing<R: Sendable>(
        _ style: ProgressStyle, state: @escaping @Sendable () -> ProgressState?, _ body: () async throws -> R
    ) async throws -> R {
        let display = ProgressDisplay(style, state: state)
        do {
            let result = try await body()
            await display.stop("done")
            return result
        } catch {
            await display.stop(Failure.isPause(error) ? "stopped" : "failed")
            throw error
        }
    }
}
