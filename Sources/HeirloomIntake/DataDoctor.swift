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
            .runAlone { try $0.run({ _, _ in }) }
    }

    /// Reads every picture and keeps some to look at: a fair sample of those that are used, and of every reason some that
    /// are not.
    ///
    /// - Parameters:
    ///   - sample: how many used pictures are kept; each has the same chance, and the choice is the same every time.
    ///   - leftOut: how many pictures are kept for each reason.
    /// - Throws: as ``run(shouldStop:progress:)``.
    /// - Precondition: neither number is negative.
    public func examine(
        sample: Int = 48, leftOut: Int = 6,
        shouldStop: @escaping @Sendable () -> Bool = { false },
        progress: @escaping @Sendable (_ completed: Int, _ total: Int) -> Void = { _, _ in }
    ) async throws -> DataExamination {
        try await IntakePass(inputs: inputs, options: options, shouldStop: shouldStop, progress: progress)
            .runAlone { pass in
                var used = FairSample<DataExamination.Kept>(count: sample)
                var passed: [LeftOut.Reason: FairSample<DataExamination.Kept>] = [:]
                let report = try pass.run(
                    { picture, file in
                        used.offer { .init(path: file.path, picture: picture.image, leftOut: nil) }
                    },
                    passOver: { picture, why in
                        passed[why.reason, default: FairSample(count: leftOut)].offer {
                            .init(path: why.path, picture: picture?.image, leftOut: why)
                        }
                    })
                return DataExamination(
                    report: report, sample: used.chosen,
                    leftOut: LeftOut.Reason.allCases.flatMap { passed[$0]?.chosen ?? [] })
            }
    }
}
