/// Looks at a collection of pictures before training and says what will be used, writing nothing.
///
/// ```swift
/// let report = try await DataDoctor(["my-photos"]).run()
/// print(report.verdict)
/// ```
public struct DataDoctor: Sendable {
    /// Folders, searched with their subfolders, and picture files.
    public let inputs: [String]
    /// What is judged.
    public let options: IntakeOptions

    /// A doctor for a collection.
    public init(_ inputs: [String], options: IntakeOptions = .init()) {
        self.inputs = inputs
        self.options = options
    }

    /// Reads every picture.
    ///
    /// - Parameters:
    ///   - shouldStop: asked before every picture; true ends the look.
    ///   - progress: called after every picture, on another thread.
    /// - Throws: ``MediaError`` for an input that does not exist or is an archive, a manifest that cannot be read, and
    ///   where there is no picture at all; `CancellationError`.
    public func run(
        shouldStop: @escaping @Sendable () -> Bool = { false },
        progress: @escaping @Sendable (_ completed: Int, _ total: Int) -> Void = { _, _ in }
    ) async throws -> DataReport {
        try await IntakePass(inputs: inputs, options: options, shouldStop: shouldStop, progress: progress)
            .runAlone { try $0.run { _, _ in } }
    }
}
