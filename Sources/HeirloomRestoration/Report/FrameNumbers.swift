/// Numbers of frames as runs, for lists that people read: "3, 7–12".
public struct FrameNumbers: Sendable, Equatable, CustomStringConvertible {
    /// The runs in order; the first two thousand of them, more than anyone reads.
    public private(set) var runs: [ClosedRange<Int>] = []
    /// How many frames there are, in the runs and beyond.
    public private(set) var count = 0

    private static let limit = 2000

    /// No frames.
    public init() {}

    /// The given frames.
    ///
    /// - Parameter frames: in ascending order.
    public init(_ frames: some Sequence<Int>) {
        for frame in frames { add(frame) }
    }

    /// Adds a frame behind the last.
    public mutating func add(_ frame: Int) {
        count += 1
        if let last = runs.last, last.upperBound + 1 == frame {
            runs[runs.count - 1] = last.lowerBound...frame
        } else if runs.count < Self.limit {
            runs.append(frame...frame)
        }
    }

    /// Whether there are none.
    public var isEmpty: Bool { count == 0 }

    /// "3, 7–12".
    public var description: String {
        let listed = runs.map { $0.count == 1 ? "\($0.lowerBound)" : "\($0.lowerBound)–\($0.upperBound)" }
        let missing = count - runs.reduce(0) { $0 + $1.count }
        return (listed + (missing > 0 ? ["and \(missing) more"] : [])).joined(separator: ", ")
    }
}
