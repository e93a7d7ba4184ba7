/// Which two samples of a row, and in what proportion, make each sample of a longer or shorter row that covers the same
/// length: linear interpolation, edges repeated.
struct LinearTaps: Sendable {
    /// The sample before each position.
    let first: [Int]
    /// The sample behind each position.
    let second: [Int]
    /// The share of the one behind, 0...1.
    let weight: [Float]

    /// - Parameters:
    ///   - step: samples of the source from one of the result to the next; nil where both cover the same length.
    ///   - offset: how far each position is moved, in samples of the result.
    init(from source: Int, to target: Int, step: Double? = nil, offset: Double = 0) {
        precondition(source > 0 && target > 0, "no interpolation from \(source) to \(target) samples")
        let scale = step ?? Double(source) / Double(target)
        var first: [Int] = []
        var second: [Int] = []
        var weight: [Float] = []
        for index in 0..<target {
            let position = Swift.min(Swift.max((Double(index) + 0.5 + offset) * scale - 0.5, 0), Double(source - 1))
            let low = Int(position)
            first.append(low)
            second.append(Swift.min(low + 1, source - 1))
            weight.append(Float(position - Double(low)))
        }
        self.first = first
        self.second = second
        self.weight = weight
    }

    /// Interpolates a row.
    @inline(__always)
    func expand(_ source: UnsafePointer<Float>, into target: UnsafeMutablePointer<Float>) {
        first.withUnsafeBufferPointer { first in
            second.withUnsafeBufferPointer { second in
                weight.withUnsafeBufferPointer { weight in
                    for index in 0..<first.count {
                        let low = source[first[index]]
                        target[index] = low + (source[second[index]] - low) * weight[index]
                    }
                }
            }
        }
    }
}
