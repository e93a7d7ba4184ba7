/// Looks at a collection of recordings before training and says what will be used, writing nothing.
///
/// ```swift
/// let report = try await SoundDoctor(["voices"], options: .init(purpose: .speech)).run()
/// print(report.verdict(for: .speech))
/// ```
public struct SoundDoctor: Sendable {
    /// Folders, searched with their subfolders, and sound files.
    public let inputs: [String]
    /// What is judged.
    public let options: SoundIntakeOptions

    /// A doctor for a collection.
    public init(_ inputs: [String], options: SoundIntakeOptions) {
        self.inputs = inputs
        self.options = options
    }

    /// Reads every recording.
    ///
    /// - Parameters:
    ///   - shouldStop: asked before every recording; true ends the look.
    ///   - progress: called after every recording, on another thread.
    /// - Throws: ``MediaError`` for an input that does not exist or is an archive, a manifest that cannot be read, and
    ///   where there is no recording at all; `CancellationError`.
    public func run(
        shouldStop: @escaping @Sendable () -> Bool = { false },
        progress: @escaping @Sendable (_ completed: Int, _ total: Int) -> Void = { _, _ in }
    ) async throws -> SoundReport {
        try await SoundIntakePass(inputs: inputs, options: options, shouldStop: shouldStop, progress: progress)
            .runAlone { try $0.run { _ in } }
    }
}
