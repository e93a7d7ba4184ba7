/// How one case of a parity kit came out.
public struct ParityResult: Sendable, Hashable {
    /// The case, such as `lite0_64x96`.
    public let name: String
    /// The largest difference to the reference over all outputs, as a share of each output's range; nil where the case
    /// was not run.
    public let largestError: Double?
    /// Why it was not run, or what was compared.
    public let note: String
    /// The error up to which the case passes. Training multiplies rounding errors, other cases are held to less.
    public let limit: Double

    /// What came out.
    public init(name: String, largestError: Double?, note: String, limit: Double = 1e-4) {
        self.name = name
        self.largestError = largestError
        self.note = note
        self.limit = limit
    }

    /// What was not run.
    public static func notCovered(_ name: String, _ why: String = "this network does not exist yet") -> ParityResult {
        ParityResult(name: name, largestError: nil, note: why)
    }

    /// Whether the case was run and stayed within a limit, its own by default; a case that was not run neither passes nor
    /// fails.
    public func passes(limit: Double? = nil) -> Bool? { largestError.map { $0 <= limit ?? self.limit } }
}

/// Collects the largest relative error of one case.
public struct ParityMeter {
    /// The largest error so far, as a share of the range.
    public private(set) var largest = 0.0
    /// How many numbers were compared.
    public private(set) var compared = 0

    /// Starts with nothing.
    public init() {}

    /// Compares numbers with reference numbers; anything missing or not finite counts as infinitely wrong.
    /// - Parameter range: What the error is a share of; nil takes the range of the reference numbers.
    public mutating func compare(_ found: [Double], _ expected: [Double], range: Double? = nil) {
        compared += expected.count
        guard found.count == expected.count, !expected.isEmpty else { return largest = .infinity }
        let spread = range ?? ((expected.max() ?? 0) - (expected.min() ?? 0))
        // Where all reference numbers are equal their size is the scale.
        let scale = spread > 0 ? spread : max(expected.map(abs).max() ?? 0, 1e-30)
        for (a, b) in zip(found, expected) {
            let error = abs(a - b) / scale
            largest = error.isFinite ? max(largest, error) : .infinity
        }
    }
}
